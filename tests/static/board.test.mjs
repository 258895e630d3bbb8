import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";
import { channel } from "./page.mjs";

const { board } = await load("board.js");

/** Cards that count how often they were made, drawn and let go. */
function kind(told) {
  return () => {
    const root = document.createElement("section");
    root.append(document.createElement("h3"));
    told.made += 1;
    return { root, update: (card) => { root.shown = card.text; }, destroy: () => { told.gone += 1; } };
  };
}

function boarded() {
  const told = { heat: { made: 0, gone: 0 }, lines: { made: 0, gone: 0 }, rows: { made: 0, gone: 0 } };
  const root = document.createElement("div");
  const one = board(Object.fromEntries(Object.entries(told).map(([name, counts]) => [name, kind(counts)])))(root, channel());
  const [, grid] = root.children;
  const update = (...cards) => one.update({ frame: "1", cards: cards.map(([name, text, span = 4, help]) => ({ kind: name, text, span, help })) }, null);
  return { told, grid, update, one, texts: () => grid.children.map(({ shown }) => shown) };
}

test("a card that stays is not built anew when others come and go", () => {
  const { told, grid, update, texts } = boarded();
  update(["lines", "a"], ["rows", "b"], ["rows", "c"]);
  const [lines, first, second] = grid.children;
  update(["heat", "x"], ["lines", "a2"], ["rows", "b2"], ["rows", "c2"]);
  assert.deepEqual(texts(), ["x", "a2", "b2", "c2"]);
  assert.deepEqual(grid.children.slice(1), [lines, first, second]);
  update(["lines", "a3"], ["rows", "b3"], ["rows", "c3"]);
  assert.deepEqual(texts(), ["a3", "b3", "c3"]);
  assert.deepEqual(grid.children, [lines, first, second]);
  assert.deepEqual(told, { heat: { made: 1, gone: 1 }, lines: { made: 1, gone: 0 }, rows: { made: 2, gone: 0 } });
});

test("cards change places, and one of another width or with another explanation is another card", () => {
  const { told, grid, update, texts, one } = boarded();
  update(["lines", "a"], ["rows", "b"]);
  const [lines, rows] = grid.children;
  update(["rows", "b"], ["lines", "a"]);
  assert.deepEqual(grid.children, [rows, lines]);
  update(["rows", "b", 8], ["lines", "a", 4, "What lines are."]);
  assert.deepEqual(texts(), ["b", "a"]);
  assert.deepEqual([grid.children.includes(rows), grid.children.includes(lines)], [false, false]);
  assert.equal(grid.children[0].getAttribute("data-span"), "8");
  one.destroy();
  assert.deepEqual(told, { heat: { made: 0, gone: 0 }, lines: { made: 2, gone: 2 }, rows: { made: 2, gone: 2 } });
});
