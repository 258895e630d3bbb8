// The layers of a network: what each is in PyTorch, what it learns, and its gradient.

import { cardFrame } from "./card_frame.js";
import { element, put } from "./elements.js";
import { significant } from "./numbers.js";

const DECADES = [-6, 1];
const SCALE = "Bars: length of the gradient on a log scale, 10⁻⁶ to 10.";

/** How far a gradient fills its bar, on a log scale from 1e-6 to 10. */
export function filled(gradient) {
  if (!(gradient > 0)) return 0;
  const share = (Math.log10(gradient) - DECADES[0]) / (DECADES[1] - DECADES[0]);
  return Math.max(0.01, Math.min(1, share));
}

/** A card with one row for each layer. */
export function layersCard() {
  const { root, title, end, body } = cardFrame("layers-card");
  const head = element("tr", {}, ["Layer", "Parameters, shape", "Gradient"].map((text) => element("th", { scope: "col", text })));
  const list = element("tbody");
  const scroll = element("div", { class: "layers-scroll", tabindex: "0", role: "region", "aria-label": "Layers" }, element("table", {}, element("thead", {}, head), list));
  body.append(scroll, element("p", { class: "sub layers-scale", text: SCALE }));
  const made = [];

  function makeRow() {
    const [name, linear, formula, sizes] = [element("span"), element("code"), element("span"), element("span", { class: "sub" })];
    const [fill, number, dead] = [element("i"), element("span"), element("span", { class: "dead", hidden: true })];
    const line = element("tr", {},
      element("th", { scope: "row" }, name, dead, element("br"), linear),
      element("td", { class: "number" }, formula, element("br"), sizes),
      element("td", { class: "gradient number" }, number, element("span", { class: "layers-bar", "aria-hidden": "true" }, fill)));
    list.append(line);
    return { line, name, linear, formula, sizes, fill, number, dead };
  }
  return {
    root,
    update(card) {
      put(title, { text: card.title });
      put(end, { text: card.note });
      while (made.length > card.rows.length) made.pop().line.remove();
      while (made.length < card.rows.length) made.push(makeRow());
      card.rows.forEach((row, index) => {
        const one = made[index];
        put(one.name, { text: row.name });
        put(one.linear, { text: row.linear });
        put(one.formula, { text: row.formula });
        put(one.sizes, { text: row.shape });
        put(one.fill, { style: `width:${(100 * filled(row.gradient)).toFixed(1)}%` });
        put(one.number, { text: row.gradient === null ? "—" : significant(row.gradient, 3) });
        one.dead.hidden = !row.dead;
        put(one.dead, { text: row.dead ?? "" });
      });
    },
  };
}
