// The network as a picture that can be edited: units, links, layers.

import { button, element, put } from "./elements.js";
import { fixed } from "./numbers.js";
import { networkCanvas } from "./network_canvas.js";
import { linkAt, linkName, networkLayout, unitAt, unitName } from "./network_layout.js";
import { networkOverlay } from "./network_overlay.js";
import { layerMenu, numberEditor, popover } from "./network_popover.js";

const REACH = { mouse: 6, pen: 9, touch: 14 };
const PATIENCE_MS = 600; // How long a number set by hand waits for a frame that has it.

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The button above the network that takes back the last edit. */
export function undoButton(act) {
  const root = button({ label: "Undo", glyph: "undo", kind: "small quiet", onclick: () => act.undo() });
  return { root, update: (canUndo) => { root.disabled = !canUndo; } };
}

/**
 * The diagram of one network.
 *
 * `update(side)` takes what the network is, `paint(frame)` its numbers, up to 60 times a
 * second; `redraw()` follows a new size or theme. `act` answers what the hand does.
 */
export function networkDiagram(act) {
  const picture = networkCanvas();
  const overlay = networkOverlay(picture.canvas, {
    press, menu: openMenu, insert: (position) => act.insertLayer(position),
    count: (position, by) => act.units(position, side.columns[position + 1].units.length + by),
    activation(position, value) {
      act.layer(position, { activation: value });
      if (value === "own") openMenu(position);
    },
  });
  const scroller = element("div", { class: "net-scroller", onscroll: () => editor.place() }, overlay.root);
  const tip = element("div", { class: "net-tip number", hidden: true, "aria-hidden": "true" });
  const root = element("div", { class: "net-diagram", role: "group", "aria-label": "Network" }, scroller, tip);
  const editor = popover(root, schedule);
  const look = { hover: null, link: null, selected: null, held: null };
  const open = { thing: null, view: null }; // What the open editor belongs to, and its view.
  let [side, layout, frame, key, pending, pointer] = [null, null, null, "", 0, "mouse"];
  let hand = null; // A number set by hand, until a frame has it: {thing, value, releasedAt}.

  // -- drawing -----------------------------------------------------------------------------

  function arrange() {
    const [width, height] = [scroller.clientWidth, scroller.clientHeight];
    if (!side || !width || !height) return false;
    if (!layout) picture.adopt(root);
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    layout = networkLayout(side.columns, { width, height, em });
    overlay.sync(side, layout.room);
    overlay.arrange(layout);
    picture.arrange(side, layout);
    editor.place();
    return true;
  }
  function draw() {
    cancelAnimationFrame(pending);
    pending = 0;
    if (!layout && !arrange()) return;
    settleHand();
    look.selected = side.selected;
    look.held = hand?.thing.kind === "weight" ? { index: indexOf(hand.thing), value: hand.value } : null;
    const edited = editor.key && open.thing?.kind === "weight" ? open.thing : null;
    picture.paint(frame, { ...look, link: look.link ?? (look.hover ? null : edited) });
    follow();
  }
  function schedule() {
    pending ||= requestAnimationFrame(draw);
  }
  const ready = () => layout !== null && picture.fits(frame);

  // -- numbers -----------------------------------------------------------------------------

  function indexOf({ kind, layer, to, source }) {
    const { sources, weights, biases } = picture.shape.layers[layer];
    return kind === "bias" ? biases + to : weights + to * sources.length + source;
  }
  const valueOf = (thing) => frame[thing.kind === "bias" ? "biases" : "weights"][indexOf(thing)];
  function settleHand() {
    if (!hand?.releasedAt) return;
    const arrived = ready() && Math.abs(valueOf(hand.thing) - hand.value) <= 1e-5 * Math.max(1, Math.abs(hand.value));
    if (arrived || performance.now() - hand.releasedAt > PATIENCE_MS) hand = null;
  }
  /** Let an open editor and the words at the pointer follow the frame. */
  function follow() {
    if (!ready()) return;
    if (editor.key && open.thing && !hand) open.view.update(valueOf(open.thing));
    if (look.link) put(tip, { text: `w ${fixed(valueOf({ kind: "weight", ...look.link }))} · ${linkName(side.columns, look.link)}` });
  }
  function edit(thing, value, moving) {
    const { kind, ...where } = thing;
    hand = { thing, value, releasedAt: moving ? 0 : performance.now() };
    act[kind]({ ...where, value, moving });
    schedule();
  }

  // -- editors -----------------------------------------------------------------------------

  function anchorOf(thing) {
    const shift = scroller.scrollLeft;
    if (thing.kind === "weight") return { x: thing.point[0] - shift, y: thing.point[1], away: 6 };
    const column = thing.kind === "menu" ? thing.position + 1 : thing.layer + 1;
    const { x, size, ys } = layout.columns[column];
    return thing.kind === "menu" ? { x: x - shift, y: 34, away: Math.min(48, layout.distance / 2) } : { x: x - shift, y: ys[thing.to], away: size / 2 };
  }
  /** Open a view; with a press of a key the focus goes to its slider, otherwise to its box. */
  function show(thing, view, label, event) {
    Object.assign(open, { thing: null, view });
    editor.open({ key: JSON.stringify({ ...thing, point: null }), label, content: view.root, anchor: () => anchorOf(thing), focus: event?.detail === 0 ? view.focus : null });
  }
  function openNumber(thing, title, note, event) {
    const { point, ...place } = thing;
    const view = numberEditor({
      title, note, value: valueOf(place), quick: thing.kind === "weight",
      hooks: {
        move: (value) => edit(place, value, true),
        set: (value) => edit(place, value, false),
        release() {
          if (hand) hand.releasedAt = performance.now();
          act.release();
        },
      },
    });
    show(thing, { ...view, follows: true }, `${title}: ${note}`, event);
    open.thing = place;
  }
  function openMenu(position, event) {
    const menu = layerMenu({
      change: (values) => act.layer(position, values),
      release: () => act.release(),
      look: () => act.look(position),
      remove() {
        editor.close();
        act.removeLayer(position);
      },
    });
    const update = () => {
      if (menu.update(side.columns[position + 1], side.expression) && menu.root.isConnected) menu.field.focus();
      editor.place();
    };
    update();
    show({ kind: "menu", position }, { ...menu, update, position }, `Settings of ${side.columns[position + 1].title}`, event);
    editor.place();
  }
  function press(at, event) {
    const column = side.columns[at.column];
    if (column.kind === "input") {
      const unit = column.units[at.unit];
      if (!unit.on || column.units.filter((one) => one.on).length > 1) act.feature(unit.name);
      return;
    }
    act.select(at);
    if (ready()) openNumber({ kind: "bias", layer: at.column - 1, to: at.unit }, "Bias", unitName(side.columns, at), event);
  }

  // -- pointer -----------------------------------------------------------------------------

  function pointIn(event) {
    const box = picture.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
  function linkUnder(event) {
    if (!ready() || event.target.closest("button, select, .net-head, .net-foot")) return null;
    const found = linkAt(layout, pointIn(event), REACH[event.pointerType || pointer] ?? REACH.mouse);
    return found && { layer: found.layer, to: found.to, source: found.source };
  }
  function hover(unit, link, event) {
    if (!same(unit, look.hover)) {
      look.hover = unit;
      act.hover(unit);
      schedule();
    }
    if (!same(link, look.link)) {
      look.link = link;
      overlay.root.classList.toggle("on-link", link !== null);
      tip.hidden = link === null;
      schedule();
      follow();
    }
    if (link === null) return;
    const [x, y] = pointIn(event);
    const left = x - scroller.scrollLeft;
    put(tip, { style: `left:${Math.round(left)}px;top:${Math.round(y)}px`, "data-side": left > scroller.clientWidth / 2 ? "left" : "right" });
  }
  overlay.root.addEventListener("pointerdown", (event) => { pointer = event.pointerType; });
  overlay.root.addEventListener("pointermove", (event) => {
    if (!layout || event.pointerType === "touch") return;
    const unit = event.target.closest("select, .net-step") ? null : unitAt(layout, pointIn(event));
    hover(unit, unit ? null : linkUnder(event), event);
  });
  overlay.root.addEventListener("pointerleave", () => hover(null, null));
  overlay.root.addEventListener("focusin", ({ target }) => {
    if (target.matches(".net-unit:focus-visible")) hover({ column: Number(target.dataset.column), unit: Number(target.dataset.unit) }, null);
  });
  overlay.root.addEventListener("focusout", ({ target }) => target.matches(".net-unit") && hover(null, null));
  overlay.root.addEventListener("click", (event) => {
    const link = linkUnder(event);
    if (!link) return;
    const point = pointIn(event);
    hover(null, null);
    openNumber({ kind: "weight", ...link, point }, "Weight", linkName(side.columns, link), event);
  });

  // -- life --------------------------------------------------------------------------------

  /** Take a network; texts and places change only if it differs from the last one. */
  function update(next) {
    const { inputMaps, ...rest } = next;
    const wanted = JSON.stringify(rest);
    const maps = side?.inputMaps;
    const changed = wanted !== key || inputMaps.length !== maps?.length || inputMaps.some((value, index) => value !== maps[index]);
    if (!changed) return;
    const moved = side && !same(side.columns.map((one) => one.units.length), next.columns.map((one) => one.units.length));
    [side, key] = [next, wanted];
    if (moved) {
      [look.hover, look.link, hand] = [null, null, null];
      tip.hidden = true;
      if (open.thing && editor.key) editor.close();
    }
    if (layout) arrange();
    if (editor.key && open.view && !open.view.follows) {
      if (side.columns[open.view.position + 1]?.kind === "hidden") open.view.update();
      else editor.close();
    }
    schedule();
  }

  return {
    root, update,
    paint(next) {
      frame = next;
      draw();
    },
    redraw() {
      layout = null;
      if (side) draw();
    },
    destroy() {
      editor.destroy();
      cancelAnimationFrame(pending);
    },
  };
}
