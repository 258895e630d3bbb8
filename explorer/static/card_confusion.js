// The confusion matrix: which class was taken for which.

import { cardFrame } from "./card_frame.js";
import { tabs } from "./card_tabs.js";
import { classMark } from "./class_marks.js";
import { element, put, shape } from "./elements.js";
import { rich } from "./rich.js";
import { adoptClassColours } from "./series_colours.js";

const ROOMY = 3; // Up to so many classes there is room for shares under the counts.

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
  const note = element("p", { class: "sub" });
  const table = element("table", { class: "confusion" });
  const words = element("p", { class: "sub" });
  body.append(note, table, words);
  let layout = "";
  let cells = [];
  let said = "";

  const mark = (colour) => shape("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, classMark(colour, 8, 8, 5));
  const named = (card, index, scope) => element("th", { scope, title: card.names[index] },
    element("span", { class: "class-name" }, mark(card.colours?.[index] ?? index), element("span", { text: card.names[index] })));
  function makeCell(right) {
    const [count, part] = [element("b"), element("span")];
    return { count, part, root: element("td", { class: `number${right ? " right" : ""}` }, count, part) };
  }
  function build(card) {
    adoptClassColours(root);
    put(table, { class: `confusion${card.names.length > ROOMY ? " many" : ""}` });
    cells = card.names.map((_, row) => card.names.map((__, column) => makeCell(row === column)));
    table.replaceChildren(
      element("thead", {}, element("tr", {}, element("td"), card.names.map((_, index) => named(card, index, "col")))),
      element("tbody", {}, cells.map((row, index) => element("tr", {}, named(card, index, "row"), row.map((cell) => cell.root)))));
  }
  function paint(card) {
    card.counts.forEach((row, from) => row.forEach((count, to) => {
      const part = share(row, to);
      const cell = cells[from][to];
      const percent = `${(100 * part).toFixed(0)} %`;
      put(cell.count, { text: String(count) });
      put(cell.part, { text: percent });
      put(cell.root, { style: `--part:${(100 * part).toFixed(1)}%`, title: `${card.names[from]} taken for ${card.names[to]}: ${count}, ${percent} of this row` });
    }));
  }
  return {
    root,
    redraw: () => adoptClassColours(root),
    update(card) {
      put(title, { text: card.title });
      put(note, { text: `${card.note ? `${card.note}; ` : ""}rows: true class, columns: what the network said` });
      show(holder, card.tabs, card.tab);
      const wanted = JSON.stringify([card.names, card.colours]);
      if (wanted !== layout) {
        layout = wanted;
        build(card);
      }
      paint(card);
      if (said !== card.reading) {
        said = card.reading;
        words.replaceChildren(...rich(said));
      }
    },
  };
}
