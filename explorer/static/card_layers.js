// The layers of a network: what each is in PyTorch, what it learns, and its gradient.

import { cardFrame } from "./card_frame.js";
import { element, put } from "./elements.js";
import { significant } from "./numbers.js";

const DECADES = [-6, 1];

/** How far a gradient fills its bar, on a log scale from 1e-6 to 10. */
export function filled(gradient) {
  if (!(gradient > 0)) return 0;
  const share = (Math.log10(gradient) - DECADES[0]) / (DECADES[1] - DECADES[0]);
  return Math.max(0.01, Math.min(1, share));
}

/** A card with one row for each layer. */
export function layersCard() {
  const { root, title, end, body } = cardFrame("layers-card");
  const head = element("tr", {}, ["Layer", "PyTorch", "Parameters", "Gradient"].map((text) => element("th", { scope: "col", text })));
  const list = element("tbody");
  body.className = "layers-scroll";
  body.append(element("table", {}, element("thead", {}, head), list));
  const made = [];

  function makeRow() {
    const [name, linear, formula, fill, number, dead] = [element("th", { scope: "row" }), element("code"), element("td", { class: "number" }), element("i"), element("span", { class: "number" }), element("span", { class: "dead", hidden: true })];
    const line = element("tr", {}, name, element("td", {}, linear), formula, element("td", { class: "gradient" }, fill, number, dead));
    list.append(line);
    return { line, name, linear, formula, fill, number, dead };
  }
  return {
    root,
    update(card) {
      title.textContent = card.title;
      end.textContent = card.note;
      while (made.length > card.rows.length) made.pop().line.remove();
      while (made.length < card.rows.length) made.push(makeRow());
      card.rows.forEach((row, index) => {
        const one = made[index];
        put(one.name, { text: row.name });
        put(one.linear, { text: row.linear, title: row.shape });
        put(one.formula, { text: row.formula });
        put(one.fill, { style: `width:${(100 * filled(row.gradient)).toFixed(1)}%` });
        put(one.number, { text: row.gradient === null ? "—" : significant(row.gradient, 2) });
        one.dead.hidden = !row.dead;
        put(one.dead, { text: row.dead ?? "" });
      });
    },
  };
}
