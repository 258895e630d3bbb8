// The small editors of the network diagram: a weight, a bias, the settings of a layer.

import { slider } from "./controls.js";
import { button, element, put } from "./elements.js";
import { fixed, parsed } from "./numbers.js";

const REACHES = [3, 5, 10, 20, 50, 100];
const LIMIT = 100;
const GAP = 10;

/** How far a slider goes to both sides so that `value` lies on it. */
export function sliderReach(value) {
  return REACHES.find((reach) => Math.abs(value) <= reach) ?? LIMIT;
}

/** What a number field means: within ±100, or null where it is no number. */
export function entered(text) {
  const value = parsed(text);
  return Number.isNaN(value) ? null : Math.min(LIMIT, Math.max(-LIMIT, value));
}

/** Top left corner of a box of `size` beside `anchor` {x, y, away}, kept inside `frame`. */
export function beside({ x, y, away }, [width, height], [frameWidth, frameHeight]) {
  const right = x + away + GAP;
  const left = x - away - GAP - width;
  const inside = (value, most) => Math.max(4, Math.min(value, most));
  if (right + width <= frameWidth - 4) return [right, inside(y - height / 2, frameHeight - height - 4)];
  if (left >= 4) return [left, inside(y - height / 2, frameHeight - height - 4)];
  const under = y + away + GAP;
  const fits = under + height <= frameHeight - 4 || y < frameHeight / 2;
  return [inside(x - width / 2, frameWidth - width - 4), fits ? under : y - away - GAP - height];
}

/**
 * A place for one editor at a time, inside `root`.
 *
 * Escape or a press elsewhere closes it, and the focus goes back to where it was;
 * `onclose()` is told.
 */
export function popover(root, onclose) {
  const box = element("div", { class: "net-popover", role: "dialog", tabindex: "-1", hidden: true });
  root.append(box);
  const now = { key: null, anchor: null, back: null, shut: null, shutAt: 0, pressedAt: 0 };
  root.addEventListener("pointerdown", (event) => { now.pressedAt = event.timeStamp; }, true);

  function place() {
    if (!now.key) return;
    const [left, top] = beside(now.anchor(), [box.offsetWidth, box.offsetHeight], [root.clientWidth, root.clientHeight]);
    put(box, { style: `left:${Math.round(left)}px;top:${Math.round(top)}px` });
  }
  function close() {
    if (!now.key) return;
    const inside = box.contains(root.getRootNode().activeElement);
    now.key = null;
    document.removeEventListener("pointerdown", outside, true);
    box.replaceChildren(); // Before the focus moves: a number that was not finished is not taken.
    box.hidden = true;
    if (inside && now.back?.isConnected) now.back.focus({ preventScroll: true });
    onclose();
  }
  function outside(event) {
    if (event.composedPath().includes(box)) return;
    [now.shut, now.shutAt] = [now.key, event.timeStamp];
    root.getRootNode().activeElement?.blur(); // Takes a number that was typed.
    close();
  }
  /** Open an editor; pressing on what it belongs to a second time only closes it. */
  function open({ key, label, content, anchor, focus }) {
    if (now.shut === key && now.shutAt === now.pressedAt && performance.now() - now.shutAt < 500) return;
    const held = root.getRootNode().activeElement;
    const back = now.key ? now.back : held;
    if (!now.key) document.addEventListener("pointerdown", outside, true);
    Object.assign(now, { key, anchor, back });
    box.replaceChildren(content);
    box.hidden = false;
    put(box, { "aria-label": label });
    place();
    (focus ?? box).focus({ preventScroll: true });
  }
  const cycle = (event) => {
    const all = [...box.querySelectorAll("button, input, [tabindex='0']")].filter((one) => !one.disabled && one.offsetParent);
    const at = all.indexOf(root.getRootNode().activeElement);
    all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length]?.focus();
    event.preventDefault();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Tab") cycle(event);
    event.stopPropagation(); // The page has keys of its own.
  });
  return { open, close, place, destroy: close, get key() { return now.key; } };
}

const headline = (title, note) => element("div", { class: "net-pop-head" }, element("b", { text: title }), element("span", { class: "sub", text: note }));

/**
 * A slider and a field for one number.
 *
 * `hooks`: move(value) while the hand is on the slider, release() after it, set(value) for a
 * number typed or chosen. With `quick` there are buttons for zero and the other sign.
 */
export function numberEditor({ title, note, value, quick, hooks }) {
  const state = { value, reach: sliderReach(value), dragging: false };
  const [low, high] = [element("span"), element("span")];
  const step = () => state.reach / 300;
  const snap = (raw) => Number((Math.round(raw / step()) * step()).toFixed(4));
  const track = slider({
    label: title, left: low, right: high, snap, describe: (raw) => fixed(raw),
    nudge: (raw, direction, large) => snap(raw + direction * state.reach / (large ? 6 : 60)),
    oninput: (raw) => {
      state.dragging = true;
      show(raw);
      hooks.move(raw);
    },
    onrelease: () => {
      if (!state.dragging) return;
      state.dragging = false;
      hooks.release();
      show(state.value);
    },
  });
  const field = element("input", { type: "text", inputmode: "decimal", class: "net-field number", "aria-label": title });
  const set = (next) => {
    hooks.set(next);
    show(next, true);
  };
  field.addEventListener("change", () => {
    const next = entered(field.value);
    if (next === null) show(state.value, true);
    else set(next);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") field.select();
    else if (event.key === "Escape") field.value = state.shown; // Leaves nothing to take when it closes.
  });
  const quickButton = (label, name, of) => button({ label, name, title: name, kind: "small", onclick: () => set(of(state.value)) });
  const row = element("div", { class: "net-pop-row" }, field,
    quick ? [quickButton("0", "Set to zero", () => 0), quickButton("×−1", "Change the sign", (now) => -now || 0)] : []);

  function show(next, over = false) {
    state.value = next;
    if (!state.dragging) state.reach = sliderReach(next);
    put(low, { text: fixed(-state.reach, 0) });
    put(high, { text: fixed(state.reach, 0) });
    track.update({ value: next, minimum: -state.reach, maximum: state.reach });
    const text = fixed(next);
    const typing = field.getRootNode().activeElement === field && field.value !== state.shown;
    if ((over || !typing) && field.value !== text) field.value = text;
    if (over || !typing) state.shown = text;
  }
  show(value, true);
  const root = element("div", { class: "net-editor net-signed" }, headline(title, note), track.root, row);
  return { root, focus: track.track, update: (next) => state.dragging || next === state.value || show(next) };
}

/** A switch with a word. */
function toggle(label, onchange) {
  const root = element("button", { type: "button", role: "switch", class: "net-switch", "aria-checked": "false" }, element("span", { text: label }), element("i"));
  root.addEventListener("click", () => onchange(root.getAttribute("aria-checked") !== "true"));
  return { root, update: (on) => root.setAttribute("aria-checked", String(on)) };
}

/** Dropout, batch normalization, an own f(x), and the end of a layer; `hooks`: change({…}), release(), look(), remove(). */
export function layerMenu(hooks) {
  const [title, reading] = [element("b"), element("b", { class: "number" })];
  const state = { dragging: false, expression: "" };
  const rest = slider({
    label: "Dropout", left: element("span", { class: "label", text: "Dropout" }), right: reading,
    snap: (raw) => Math.round(raw * 20) / 20, nudge: (raw, direction, large) => Math.round((raw + direction * (large ? 0.2 : 0.05)) * 20) / 20,
    describe: (raw) => fixed(raw),
    oninput: (raw) => {
      state.dragging = true;
      put(reading, { text: fixed(raw) });
      hooks.change({ dropout: raw });
    },
    onrelease: () => {
      if (!state.dragging) return;
      state.dragging = false;
      hooks.release();
    },
  });
  const norm = toggle("Batch normalization", (batchNorm) => hooks.change({ batchNorm }));
  const field = element("input", { type: "text", class: "net-field own", "aria-label": "f(x)", spellcheck: "false", autocomplete: "off", onchange: () => hooks.change({ expression: field.value.trim() }) });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") field.value = state.expression;
  });
  const look = button({ label: "See its curve", kind: "small quiet", title: "Draw it with its slope on the page of activation functions", onclick: () => hooks.look() });
  const own = element("div", { class: "net-own" }, element("span", { class: "label", text: "f(x) =" }), field, look);
  const remove = button({ label: "Remove layer", glyph: "trash", kind: "small quiet", onclick: hooks.remove });
  const root = element("div", { class: "net-editor" }, element("div", { class: "net-pop-head" }, title), own, rest.root, norm.root, remove);
  /** Show a hidden layer; answers whether the field for f(x) has just appeared. */
  function update(column, expression) {
    put(title, { text: column.title });
    if (!state.dragging) {
      rest.update({ value: column.dropout ?? 0, minimum: 0, maximum: 0.9 });
      put(reading, { text: fixed(column.dropout ?? 0) });
    }
    norm.update(Boolean(column.batchNorm));
    const appears = own.hidden && column.activation === "own";
    own.hidden = column.activation !== "own";
    if (field.getRootNode().activeElement !== field && field.value !== expression) field.value = expression ?? "";
    state.expression = expression ?? "";
    remove.disabled = column.removable === false;
    return appears;
  }
  own.hidden = true;
  return { root, field, focus: rest.track, update };
}
