// The confusion matrix of many classes: right answers outlined, mistakes the darker the more.

import { cardFrame } from "./card_frame.js";
import { element, put } from "./elements.js";
import { luminance } from "./mount.js";
import { rich } from "./rich.js";

const FEW = 4; // With so many classes at most their names fit over the columns.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity] };

/** The largest count beside the diagonal, 0 where every answer is right. */
export const mostMistakes = (counts) => Math.max(0, ...counts.flatMap((row, from) => row.filter((_, to) => to !== from)));

/** Which of the theme's ten sequential colours a mistake has; null for an empty cell. */
export const shade = (count, largest) => (count > 0 ? 2 + Math.round((6 * (count - 1)) / Math.max(largest - 1, 6)) : null);

/** Black or white, whichever reads better on a colour; the contrast is 4.5 or more. */
export function ink(colour) {
  const light = luminance(colour) + 0.05;
  return 1.05 / light >= light / 0.05 ? "#ffffff" : "#000000";
}

/** The cell that a key leads to, within a square of `size`; null for other keys. */
export function neighbour(key, { row, column }, size) {
  if (!STEPS[key]) return null;
  const inside = (place) => Math.max(0, Math.min(size - 1, place));
  return { row: inside(row + STEPS[key][0]), column: inside(column + STEPS[key][1]) };
}

/** What a cell says to somebody who cannot see it. */
export const cellWords = (names, row, column, count) => `${names[row]} read as ${names[column]}: ${count.toLocaleString("en-US")} ${count === 1 ? "picture" : "pictures"}`;

/** A card with rows of true classes, columns of answers, and a button in every cell. */
export function heatCard(channel) {
  const { root, title, end, body } = cardFrame("heat-card");
  const table = element("table", { class: "heat" });
  const words = element("p", { class: "sub heat-reading" });
  body.append(element("div", { class: "heat-scroll" }, table), words);
  let card = null;
  let layout = "";
  let colours = [];
  let cells = [];
  let stop = { row: 0, column: 0 }; // The cell that Tab leads to.
  let said = null;

  function makeCell(row, column) {
    return element("button", {
      type: "button", tabindex: "-1",
      onclick: () => { moveStop({ row, column }); channel.send({ type: "cell", row, column }); },
      onkeydown: (event) => {
        const next = neighbour(event.key, { row, column }, cells.length);
        if (!next) return;
        event.preventDefault();
        event.stopPropagation();
        moveStop(next);
        cells[next.row][next.column].focus();
      },
    });
  }
  function moveStop(next) {
    put(cells[stop.row][stop.column], { tabindex: "-1" });
    stop = next;
    put(cells[stop.row][stop.column], { tabindex: "0" });
  }
  function build() {
    const { names } = card;
    const digits = Math.max(2, ...card.counts.flat().map((count) => String(count).length));
    const named = (name, scope) => element("th", { scope, title: name }, element("span", { text: name }));
    cells = names.map((_, row) => names.map((__, column) => makeCell(row, column)));
    table.className = `heat${names.some((name) => name.length > 2) ? " worded" : ""}${names.length <= FEW ? " few" : ""}`;
    table.style.setProperty("--heat-cell", `calc(${digits}ch + 4px)`);
    table.style.setProperty("--heat-count", names.length);
    table.replaceChildren(
      element("thead", {}, element("tr", {}, element("td", { class: "corner" }), names.map((name) => named(name, "col")))),
      element("tbody", {}, cells.map((row, index) => element("tr", {}, named(names[index], "row"), row.map((cell) => element("td", {}, cell))))));
    stop = { row: 0, column: 0 };
    moveStop(card.chosen ?? stop);
  }
  function paint() {
    const largest = mostMistakes(card.counts);
    card.counts.forEach((counts, row) => counts.forEach((count, column) => {
      const level = row === column ? null : shade(count, largest);
      const colour = colours[level];
      const chosen = card.chosen?.row === row && card.chosen?.column === column;
      put(cells[row][column], {
        class: row === column ? "right" : level === null ? "empty" : "wrong",
        text: count || row === column ? String(count) : "",
        style: colour ? `background:${colour};color:${ink(colour)}` : null,
        "aria-label": cellWords(card.names, row, column, count), "aria-pressed": String(Boolean(chosen)),
      });
    }));
  }
  function adopt() {
    colours = getComputedStyle(root).getPropertyValue("--st-chart-sequential-colors").split(",").map((one) => one.trim()).filter(Boolean);
  }
  return {
    root,
    redraw() {
      adopt();
      if (card) paint();
    },
    update(next) {
      card = next;
      title.textContent = card.title;
      end.textContent = card.note;
      if (!colours.length) adopt();
      const digits = String(Math.max(...card.counts.flat())).length;
      const wanted = JSON.stringify([card.names, digits]);
      if (wanted !== layout) {
        layout = wanted;
        build();
      }
      paint();
      if (said !== card.reading) {
        said = card.reading;
        words.replaceChildren(...rich(said ?? ""));
      }
    },
  };
}
