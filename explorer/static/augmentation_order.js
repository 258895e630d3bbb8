// Where a row goes that is dragged over others, and how the others make room.

/** The place of a dragged row: as many others as have their middle above its middle. */
export function placeOf(boxes, from, moved) {
  const middle = boxes[from].top + boxes[from].height / 2 + moved;
  return boxes.filter((box, index) => index !== from && box.top + box.height / 2 < middle).length;
}

/** How far down a row stands aside while the row `from` hovers over place `to`. */
export function aside(index, from, to, height) {
  if (index > from && index <= to) return -height;
  if (index < from && index >= to) return height;
  return 0;
}

/** Let rows be dragged by their grips; `drop(from, to)` is called once, at the end. */
export function reorder(list, { rows, drop }) {
  let held = null;

  function start(event, from) {
    if (event.button !== 0 || held) return;
    const boxes = rows().map((row) => row.getBoundingClientRect());
    const gap = boxes.length > 1 ? boxes[1].top - boxes[0].bottom : 0;
    held = { from, to: from, y: event.clientY, boxes, step: boxes[from].height + gap, pointer: event.pointerId };
    event.currentTarget.setPointerCapture(event.pointerId);
    rows()[from].classList.add("held");
    list.classList.add("ordering");
    event.preventDefault();
    event.currentTarget.focus({ preventScroll: true });
  }
  function move(event) {
    if (!held || event.pointerId !== held.pointer) return;
    const moved = event.clientY - held.y;
    held.to = placeOf(held.boxes, held.from, moved);
    rows().forEach((row, index) => {
      const by = index === held.from ? moved : aside(index, held.from, held.to, held.step);
      row.style.transform = by ? `translateY(${by}px)` : "";
    });
  }
  function end(event, cancelled) {
    if (!held || event.pointerId !== held.pointer) return;
    const { from, to } = held;
    held = null;
    list.classList.remove("ordering");
    if (cancelled || from === to) settle();
    else drop(from, to); // The rows stay where they are until the answer comes.
  }
  /** Put every row back into its own place. */
  function settle() {
    if (held) return;
    rows().forEach((row) => {
      row.style.transform = "";
      row.classList.remove("held");
    });
  }
  /** Make `grip` carry the row at a place. */
  function carry(grip, index) {
    grip.addEventListener("pointerdown", (event) => start(event, index));
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", (event) => end(event, false));
    grip.addEventListener("pointercancel", (event) => end(event, true));
  }
  return { carry, settle };
}
