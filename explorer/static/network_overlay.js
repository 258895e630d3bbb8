// The parts of the network diagram that are elements: headers, unit buttons, + and −.

import { element, icon, put } from "./elements.js";
import { neighbour, unitName } from "./network_layout.js";

const SHORT = { input: "In", output: "Out" };

/** A label such as "x₁x₂" or "sin x₁" as nodes: single letters in italics, names upright. */
function mathNodes(label) {
  return label.split(/([A-Za-z]+)/).filter(Boolean).map((part) =>
    element("span", { class: /^[A-Za-z]$/.test(part) ? "math" : "math upright", text: part }));
}

/** What a learner reads of dropout and batch normalization over a layer. */
export function tagText({ dropout = 0, batchNorm = false }, room) {
  const names = room === "tight" ? ["p", "BN"] : room === "snug" ? ["drop", "BN"] : ["dropout", "batch norm"];
  return [dropout ? `${names[0]} ${Number(dropout.toFixed(2))}` : "", batchNorm ? names[1] : ""].filter(Boolean).join(" · ");
}

/** The count of parameters alone, for narrow columns: "2×8+8 = 24" becomes "24". */
export function shortFormula(formula) {
  return formula.split("=").pop().trim();
}

const place = (one, x, y) => put(one, { style: `left:${x}px;top:${y}px` });

/** The quiet choice of an activation: its name, with the browser's own list lying over it. */
function activationChoice(onchoose) {
  const [word, list] = [element("span"), element("select")];
  const root = element("span", { class: "net-choice" }, word, icon("chevron", "small"), list);
  let [key, shown] = ["", ""];
  list.addEventListener("change", () => {
    const wanted = list.value;
    list.value = shown; // Until the network answers: it may refuse.
    onchoose(wanted);
  });
  const update = (column, activations, label) => {
    const wanted = JSON.stringify(activations);
    if (wanted !== key) list.replaceChildren(...activations.map(([value, text]) => element("option", { value, text })));
    key = wanted;
    put(list, { "aria-label": label });
    put(word, { text: column.activationLabel });
    shown = column.activation;
    list.value = shown;
  };
  return { root, update };
}

/** Header, unit buttons and footer of one column. */
function columnView(kind, hooks) {
  const at = { index: 0 };
  const position = () => at.index - 1; // Counted from the first hidden layer.
  const [title, note, tags, formula] = [element("b"), element("span", { class: "net-note" }), element("span", { class: "net-tags" }), element("span", { class: "number" })];
  const hidden = kind === "hidden";
  const heading = hidden
    ? element("button", { type: "button", class: "net-title", "aria-haspopup": "dialog", onclick: (event) => hooks.menu(position(), event) }, title, icon("gear", "small"))
    : element("span", { class: "net-title" }, title);
  const choice = hidden ? activationChoice((value) => hooks.activation(position(), value)) : null;
  const head = element("div", { class: "net-head" }, heading, choice ? choice.root : note, tags);
  const step = (by, name, glyph) => element("button", { type: "button", class: "net-step", "aria-label": name, title: name, onclick: () => hooks.count(position(), by) }, icon(glyph, "small"));
  const [less, more] = hidden ? [step(-1, "Remove a unit", "minus"), step(1, "Add a unit", "plus")] : [null, null];
  const foot = element("div", { class: "net-foot" }, less, formula, more);
  const tiles = element("div", { class: "net-units" });
  const labels = element("div", { class: "net-labels", "aria-hidden": "true" });
  const root = element("div", { class: "net-column", role: "group" }, head, tiles, labels, foot);
  const buttons = [];
  const words = [];

  function tile() {
    const unit = buttons.length;
    return element("button", { type: "button", class: "net-unit", "data-unit": unit, onclick: (event) => hooks.press({ column: at.index, unit }, event) });
  }
  function syncUnits(column, columns) {
    while (buttons.length > column.units.length) buttons.pop().remove();
    while (buttons.length < column.units.length) buttons.push(tiles.appendChild(tile()));
    const used = column.units.filter((unit) => unit.on).length;
    column.units.forEach((unit, index) => {
      const name = unitName(columns, { column: at.index, unit: index });
      const last = unit.on === true && used === 1;
      const say = unit.on === undefined ? (unit.dead ? "never active on these points" : "click for its bias")
        : last ? "the last input in use stays" : unit.on ? "in use, click to leave it out" : "click to use it";
      put(buttons[index], {
        "data-column": at.index, "aria-label": name, title: `${name}: ${say}`,
        "aria-pressed": unit.on === undefined ? null : String(unit.on), "aria-disabled": last ? "true" : null,
      });
    });
  }
  function syncLabels(units) {
    const wanted = kind === "hidden" ? [] : units;
    while (words.length > wanted.length) words.pop().remove();
    wanted.forEach(({ label, on }, index) => {
      const one = words[index] ?? (words[index] = labels.appendChild(element("span")));
      if (one.__label !== label) one.replaceChildren(...(kind === "input" ? mathNodes(label) : [label]));
      one.__label = label;
      put(one, { class: `net-label${on === false ? " off" : ""}` });
    });
  }
  function sync(index, side, room) {
    at.index = index;
    const column = side.columns[index];
    put(root, { "aria-label": column.title });
    put(title, { text: room !== "tight" ? column.title : SHORT[kind] ?? `H${index}` });
    const says = column.note ?? column.activationLabel ?? "";
    put(note, { text: room === "tight" ? says.replace(/ in use$/, "") : says, title: says });
    const tag = tagText(column, room);
    put(tags, { text: tag, hidden: !tag });
    put(formula, { text: room === "tight" ? shortFormula(column.formula ?? "") : column.formula ?? "", title: column.formula ? `${column.formula} parameters` : null });
    if (hidden) {
      const [low, high] = side.unitLimits;
      put(heading, { title: `${column.title}: dropout, batch normalization, remove`, "aria-label": `${column.title}: settings` });
      choice.update(column, side.activations, `Activation of ${column.title}`);
      less.disabled = column.units.length <= low;
      more.disabled = column.units.length >= high;
    }
    syncUnits(column, side.columns);
    syncLabels(column.units);
  }
  function arrange(layout) {
    const { x, size, ys } = layout.columns[at.index];
    const neat = Math.max(size, 24); // A finger needs 24 px where the tiles leave them.
    const pitch = ys.length > 1 ? ys[1] - ys[0] : neat;
    const high = Math.max(size, Math.min(neat, pitch));
    buttons.forEach((button, index) => put(button, { style: `left:${x - neat / 2}px;top:${ys[index] - high / 2}px;width:${neat}px;height:${high}px` }));
    const beside = kind === "output" && ys.length > 1;
    words.forEach((word, index) => {
      if (kind === "input") place(word, x - size / 2 - 9, ys[index]);
      else if (beside) put(word, { style: `left:${x + size / 2 + 7}px;top:${ys[index]}px;max-width:${layout.width - x - size / 2 - 7}px` });
      else place(word, x, ys[index] + size / 2 + 4);
    });
    put(labels, { class: `net-labels ${kind === "input" ? "before" : beside ? "after" : "under"}` });
    put(head, { style: `left:${x}px;max-width:${layout.distance - 4}px` });
    put(foot, { style: `left:${x}px;top:${layout.bottom}px;height:${layout.height - layout.bottom}px` });
  }
  return { root, buttons, sync, arrange };
}

/**
 * The elements over the canvas.
 *
 * `hooks`: press({column, unit}, event), menu(position, event), activation(position, value),
 * count(position, by), insert(position). `sync(side, room)` writes the texts,
 * `arrange(layout)` the places.
 */
export function networkOverlay(canvas, hooks) {
  const inputs = columnView("input", hooks);
  const outputs = columnView("output", hooks);
  const hidden = [];
  const adds = [];
  const root = element("div", { class: "net-inner" }, canvas, inputs.root, outputs.root);
  const all = () => [inputs, ...hidden, outputs];
  const adder = (position) => element("button", { type: "button", class: "net-step net-add", "aria-label": `Add a layer at place ${position + 1}`, onclick: () => hooks.insert(position) }, icon("plus", "small"));

  function grow(wanted) {
    const before = root.contains(root.getRootNode().activeElement);
    while (hidden.length > wanted) [hidden.pop().root, adds.pop()].forEach((one) => one.remove());
    while (adds.length <= wanted) {
      if (adds.length > 0) outputs.root.before(hidden[hidden.push(columnView("hidden", hooks)) - 1].root);
      outputs.root.before(adds[adds.push(adder(adds.length)) - 1]);
    }
    if (before && !root.contains(root.getRootNode().activeElement)) outputs.buttons[0]?.focus({ preventScroll: true });
  }
  root.addEventListener("keydown", (event) => {
    const { unit, column } = event.target.dataset ?? {};
    if (unit === undefined) return;
    if (!event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // The page steps through time with the same keys.
    const to = neighbour(all().map((one) => one.buttons.length), { column: Number(column), unit: Number(unit) }, event.key);
    if (to) all()[to.column].buttons[to.unit].focus();
  });

  return {
    root,
    sync(side, room) {
      grow(side.columns.length - 2);
      all().forEach((one, index) => one.sync(index, side, room));
      const full = adds.length - 1 >= side.layerLimit;
      for (const one of adds) {
        one.disabled = full;
        put(one, { title: full ? `${side.layerLimit} hidden layers are the most` : "Add a layer here" });
      }
    },
    arrange(layout) {
      put(root, { style: `width:${layout.width}px`, "data-room": layout.room, "data-gear": layout.gear ? "true" : null, });
      all().forEach((one) => one.arrange(layout));
      layout.addPlaces.forEach(({ x, position }) => put(adds[position], { style: `left:${x}px` }));
    },
  };
}
