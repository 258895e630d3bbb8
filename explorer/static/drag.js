// Dragging by mouse, touch and pen, and the same by the arrow keys.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The direction of an arrow key as `[across, up]`, ten times as far with Shift. */
export function arrow(event) {
  const step = STEPS[event.key];
  if (!step) return null;
  const far = event.shiftKey ? 10 : 1;
  return step.map((part) => part * far);
}

/**
 * Let `surface` (an SVG) carry drags of what `pick(event)` returns.
 *
 * `hooks`: pick(event) -> thing or null; start(thing, point); move(thing, point);
 * end(thing, moved); tap(thing or null, point). Points are in pixels of the surface.
 */
export function draggable(surface, hooks) {
  let held = null;
  // Asking for the box forces a layout: once for each drag is enough.
  const at = (event) => {
    const box = held?.box ?? surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held) return;
    held = { thing: hooks.pick(event), from: at(event), moved: false, pointer: event.pointerId, box: surface.getBoundingClientRect() };
    if (held.thing === null) return;
    surface.setPointerCapture(event.pointerId);
    hooks.start?.(held.thing, held.from);
    // Keeps the browser from selecting text; focus is given by hand for the keyboard.
    event.preventDefault();
    event.target.closest("[data-handle]")?.focus({ preventScroll: true });
  });
  // Browsers ignore touch-action on the parts of an SVG: without this a drag pans the page.
  surface.addEventListener("touchstart", (event) => {
    if (held && held.thing !== null && event.cancelable) event.preventDefault();
  }, { passive: false });
  // Browsers hold pointermove back until the next frame; the raw event comes at once.
  surface.addEventListener("pointerrawupdate", (event) => held && onmove(event));
  surface.addEventListener("pointermove", onmove);
  function onmove(event) {
    if (!held || event.pointerId !== held.pointer) {
      hooks.hover?.(at(event), event);
      return;
    }
    const point = at(event);
    if (!held.moved && Math.hypot(point[0] - held.from[0], point[1] - held.from[1]) < 3) return;
    held.moved = true;
    if (held.last?.[0] === point[0] && held.last[1] === point[1]) return; // Told already, raw.
    held.last = point;
    if (held.thing !== null) hooks.move(held.thing, point);
  }
  const finish = (event, cancelled) => {
    if (!held || event.pointerId !== held.pointer) return;
    const { thing, moved } = held;
    held = null;
    if (thing !== null) hooks.end?.(thing, moved);
    if (!moved && !cancelled) hooks.tap?.(thing, at(event), event);
  };
  surface.addEventListener("pointerup", (event) => finish(event, false));
  surface.addEventListener("pointercancel", (event) => finish(event, true));
  surface.addEventListener("pointerleave", () => hooks.leave?.());
}
