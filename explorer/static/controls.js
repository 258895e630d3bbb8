// Segmented choices, steppers and sliders that are live while they are dragged.

import { element, icon } from "./elements.js";
import { parsed } from "./numbers.js";

/** A row of exclusive choices; `update(value)` marks the chosen one. */
export function segment({ label, options, small = false, onchoose, title = null }) {
  const buttons = options.map(([value, text]) =>
    element("button", {
      type: "button", text, "data-label": text, "data-value": value, "aria-pressed": "false",
      onclick: () => onchoose(value),
    }));
  const root = element("span", { class: `segment${small ? " small" : ""}`, role: "group", "aria-label": label, title }, buttons);
  let shown = null;
  const update = (value) => {
    if (value === shown) return;
    shown = value;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.value === value));
  };
  return { root, update };
}

/** A choice of many: the browser's own list. */
export function select({ label, options, onchoose }) {
  const root = element("select", { class: "select", "aria-label": label, onchange: () => onchoose(root.value) }, options.map(([value, text]) => element("option", { value, text })));
  return { root, update: (value) => { root.value = value; } };
}

/** A number with minus and plus beside it, editable by keyboard; what is typed stays until it is given. */
export function stepper({ label, minimum, maximum, step, digits = 0, onchange }) {
  let value = minimum;
  let typing = false;
  const clamp = (number) => Number(Math.min(maximum, Math.max(minimum, number)).toFixed(digits));
  const ask = (number) => {
    const wanted = clamp(number);
    typing = false;
    if (wanted !== value) onchange(wanted);
  };
  const input = element("input", { type: "text", inputmode: "decimal", "aria-label": label });
  const commit = () => {
    const number = parsed(input.value);
    typing = false;
    if (Number.isNaN(number)) update(value);
    else {
      ask(number);
      update(clamp(number));
    }
  };
  input.addEventListener("change", commit);
  input.addEventListener("input", () => { typing = true; });
  input.addEventListener("blur", () => { typing = false; update(value, !input.disabled); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp") ask(value + step);
    else if (event.key === "ArrowDown") ask(value - step);
    else return;
    event.preventDefault();
  });
  const less = element("button", { type: "button", "aria-label": `Less: ${label}`, onclick: () => ask(value - step) }, icon("minus", "small"));
  const more = element("button", { type: "button", "aria-label": `More: ${label}`, onclick: () => ask(value + step) }, icon("plus", "small"));
  const root = element("span", { class: "stepper" }, less, input, more);
  function update(number, enabled = true) {
    value = number;
    const text = number.toFixed(digits);
    if (!typing && input.value !== text) input.value = text;
    input.disabled = !enabled;
    less.disabled = !enabled || value <= minimum;
    more.disabled = !enabled || value >= maximum;
  }
  return { root, update };
}

/** Where `value` lies between `minimum` and `maximum`, 0 to 1, on a linear or log track. */
export function share(value, minimum, maximum, log = false) {
  const inner = log
    ? Math.log(value / minimum) / Math.log(maximum / minimum)
    : (value - minimum) / Math.max(1e-12, maximum - minimum);
  return Math.min(1, Math.max(0, inner));
}

/** The value at `part` (0 to 1) of a track; the inverse of `share`. */
export function valueAt(part, minimum, maximum, log = false) {
  const inside = Math.min(1, Math.max(0, part));
  return log ? minimum * (maximum / minimum) ** inside : minimum + (maximum - minimum) * inside;
}

/**
 * A slider that reports while it is dragged.
 *
 * `left` and `right` are elements above the track; `snap` rounds a raw value;
 * `nudge(value, direction, large)` answers the arrow keys.
 */
export function slider({ label, left, right, log = false, snap = (value) => value, nudge, oninput, onrelease = () => {}, describe = String }) {
  const done = element("i", { class: "done" });
  const mark = element("i", { class: "mark", hidden: true });
  const thumb = element("span", { class: "thumb" });
  const track = element("div", { class: "track", role: "slider", tabindex: "0", "aria-label": label }, element("i", { class: "rail" }), done, mark, thumb);
  const root = element("div", { class: "slider" }, element("div", { class: "row" }, left, right), track);
  const state = { value: 0, minimum: 0, maximum: 1, dragging: false };

  const at = (event) => {
    const box = track.getBoundingClientRect();
    return snap(valueAt((event.clientX - box.left) / box.width, state.minimum, state.maximum, log));
  };
  const offer = (value) => {
    const inside = Math.min(state.maximum, Math.max(state.minimum, value));
    if (inside === state.value) return;
    show({ ...state, value: inside });
    oninput(inside);
  };
  track.addEventListener("pointerdown", (event) => {
    track.setPointerCapture(event.pointerId);
    track.focus({ preventScroll: true });
    state.dragging = true;
    offer(at(event));
    event.preventDefault();
  });
  track.addEventListener("pointermove", (event) => state.dragging && offer(at(event)));
  const end = () => {
    if (!state.dragging) return;
    state.dragging = false;
    onrelease();
  };
  track.addEventListener("pointerup", end);
  track.addEventListener("pointercancel", end);
  track.addEventListener("keydown", (event) => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 1, PageDown: -1 }[event.key];
    if (event.key === "Home") offer(state.minimum);
    else if (event.key === "End") offer(state.maximum);
    else if (direction) offer(nudge(state.value, direction, event.shiftKey || event.key.startsWith("Page")));
    else return;
    event.preventDefault();
    event.stopPropagation();
    onrelease();
  });

  function show({ value, minimum, maximum, marked = state.marked }) {
    const key = `${value}|${minimum}|${maximum}|${marked}`;
    if (key === state.key) return;
    state.key = key;
    Object.assign(state, { value, minimum, maximum, marked });
    const part = `${share(value, minimum, maximum, log) * 100}%`;
    thumb.style.left = part;
    done.style.width = part;
    mark.hidden = !(marked > minimum && marked < maximum);
    if (!mark.hidden) mark.style.left = `${share(marked, minimum, maximum, log) * 100}%`;
    track.setAttribute("aria-valuemin", minimum);
    track.setAttribute("aria-valuemax", maximum);
    track.setAttribute("aria-valuenow", value);
    track.setAttribute("aria-valuetext", describe(value));
  }
  /** Show a value from outside, unless the hand is on the thumb. */
  const update = (next) => show(state.dragging ? { ...next, value: state.value } : next);
  return { root, update, track };
}
