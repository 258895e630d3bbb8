// The confusion matrix: which class was taken for which.

import { cardFrame } from "./card_frame.js";
import { tabs } from "./card_tabs.js";
import { classMark } from "./class_marks.js";
import { element, put, shape } from "./elements.js";
import { rich } from "./rich.js";
import { adoptClassColours } from "./series_colours.js";

/** The share of its row that a cell holds, 0 to 1. */
export function share(row, at) {
  const total = row.reduce((sum, count) => sum + count, 0);
  return total ? row[at] / total : 0;
}

/** A card with rows of true classes and columns of answers. */
export function confusionCard(channel) {
  const { root, title, end, body } = cardFrame("confusion-card");
  const show = tabs(channel, "matrix", "Points counted");
  const holder = element("span");
  end.append(holder);
  const table = element("table", { class: "confusion" });
  const words = element("p", { class: "sub" });
  body.append(table, words);
  let layout = "";
  let cells = [];
  let said = "";

  const mark = (colour) => shape("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, classMark(colour, 8, 8, 5));
  const named = (card, index, scope) => element("th", { scope }, element("span", { class: "class-name" }, mark(card.colours?.[index] ?? index), element("span", { text: card.names[index] })));
  function build(card) {
    adoptClassColours(root);
    cells = card.names.map(() => card.names.map(() => element("td", { class: "number" })));
    table.replaceChildren(
      element("thead", {}, element("tr", {}, element("th", { class: "corner", text: "true ↓ said →" }), card.names.map((_, index) => named(card, index, "col")))),
      element("tbody", {}, cells.map((row, index) => element("tr", {}, named(card, index, "row"), row))));
  }
  return {
    root,
    redraw: () => adoptClassColours(root),
    update(card) {
      title.textContent = card.title;
      show(holder, card.tabs, card.tab);
      const wanted = JSON.stringify([card.names, card.colours]);
      if (wanted !== layout) {
        layout = wanted;
        build(card);
      }
      card.counts.forEach((row, from) => row.forEach((count, to) => {
        const part = share(row, to);
        const colour = from === to ? "--pos" : "--neg";
        put(cells[from][to], { text: String(count), style: `background:color-mix(in srgb, var(${colour}) ${Math.round(42 * part)}%, var(--page))`, title: `${card.names[from]} taken for ${card.names[to]}: ${(100 * part).toFixed(0)} %` });
      }));
      if (said !== card.reading) {
        said = card.reading;
        words.replaceChildren(...rich(said));
      }
    },
  };
}
