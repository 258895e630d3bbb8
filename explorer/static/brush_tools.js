// The legend under the decision map, and the paint box that takes its place.

import { button, element, icon, replaced, shape } from "./elements.js";
import { classMark } from "./class_marks.js";
import { fixed } from "./numbers.js";

function swatch(colour, hollow = false) {
  return shape("svg", { class: "swatch", width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, classMark(colour, 8, 8, 5, hollow));
}

/** Names of the classes with their marks, hollow for validation, and the scale of the map. */
function legend(data, peek) {
  const made = data.names.map((name, index) => element("span", { class: "entry" }, swatch(data.colours[index]), name));
  if (data.validation) made.push(element("span", { class: "entry" }, element("i", { class: "hollow" }), "validation"));
  const scale = (from, label, to) => element("span", { class: "entry scale" }, label, element("b", { class: "number", text: from }), element("i", { class: `bar ${peek ? "full" : ""}` }), element("b", { class: "number", text: to }));
  if (peek) made.push(scale("−", "unit", "+"));
  else if (data.classes === 2) made.push(scale("0", `P(${data.names[1]})`, "1"));
  else if (data.classes === 0) made.push(scale(fixed(-data.largest, 1), "ŷ", fixed(data.largest, 1)));
  return made;
}

/** The paint box: a brush for each class, the eraser, an empty sheet, a table from a file. */
export function brushTools({ send, changed, colours }) {
  const state = { tool: "look", brush: 0 };
  const choose = (tool, brush = state.brush) => {
    Object.assign(state, { tool, brush });
    changed();
  };
  function box(data) {
    const brushes = Array.from({ length: Math.min(6, Math.max(2, data.brushes) + 1) }, (_, kind) => {
      const colour = data.classes === 2 && kind < 2 ? [1, 0][kind] : kind;
      const name = data.names[kind] ?? `class ${kind + 1}`;
      const fresh = kind >= data.brushes;
      return element("button", { type: "button", class: "brush", title: fresh ? `Add ${name}` : `Paint ${name}`, "aria-label": fresh ? `Add ${name}` : `Paint ${name}`, "aria-pressed": String(state.tool === "brush" && state.brush === kind), onclick: () => choose("brush", kind) }, fresh ? icon("plus", "small") : swatch(colour));
    });
    return [
      element("span", { class: "brushes", role: "group", "aria-label": "Brush" }, brushes,
        element("button", { type: "button", class: "brush", title: "Eraser", "aria-label": "Eraser", "aria-pressed": String(state.tool === "eraser"), onclick: () => choose("eraser") }, icon("eraser", "small"))),
      button({ label: "Clear", kind: "small quiet", onclick: () => send({ type: "clear" }) }),
      button({ label: "CSV", kind: "small quiet", title: "Bring a table", onclick: () => send({ type: "import" }) }),
      button({ label: "Done", kind: "small", onclick: () => choose("look") }),
    ];
  }
  return {
    state,
    colours,
    toggle: () => choose(state.tool === "look" ? "brush" : "look"),
    /** Draw into a row; it is rebuilt only when something in it changed. */
    update(row, data, peek, first) {
      const painting = first && state.tool !== "look";
      const wanted = JSON.stringify([painting, state, data.names, data.colours, data.brushes, data.validation > 0, Boolean(peek), data.largest]);
      if (row.__layout === wanted) return;
      row.__layout = wanted;
      const kept = replaced(row, painting ? box(data) : legend(data, peek));
      if (!kept) row.closest(".decision-pane").querySelector(".paint").focus({ preventScroll: true });
    },
  };
}
