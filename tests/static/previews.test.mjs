import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.mjs";
import { load } from "./browser.mjs";
import { all } from "./page.mjs";

const { preview, moment } = await load("preview.js");
const { plane, signed } = await load("preview_plane.js");
const { drawOn } = await load("preview_pictures.js");

test("a picture plays all its moments and rests at the last one", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map((step) => moment(step, 3, 2)), [0, 1, 2, 2, 2, 0, 1]);
});

test("one tile after the other gets the next draw, and none is left out", () => {
  const shown = Array.from({ length: 9 }, (_, at) => [0, 1, 2, 3].map((tile) => drawOn(tile, at, 4)));
  assert.deepEqual(shown[0], [0, 1, 2, 3]);
  assert.deepEqual(shown[1], [4, 1, 2, 3]);
  assert.deepEqual(shown[4], [4, 5, 6, 7]);
  assert.deepEqual(shown[8], [8, 9, 10, 11]);
});

test("a plane with its second axis upwards fills the picture", () => {
  const [a, , , d, e, f] = plane([-1, 3], [0, 2], 400, 100).match(/-?[\d.]+/g).map(Number);
  assert.deepEqual([a * -1 + e, d * 0 + f], [0, 100]);
  assert.deepEqual([a * 3 + e, d * 2 + f], [400, 0]);
});

test("bytes are read as numbers from -1 to 1", () => {
  assert.deepEqual(signed(btoa("\x00\xff")), [-1, 1]);
});

test("the dot of a descent stands where its line is, and the path grows", () => {
  const made = preview({ kind: "regression", points: [[0, 1], [1, 0]], path: [[0, 0], [1, 1]], best: [1, 1], ellipses: [[1, 0.5, 30]], x: [0, 1], y: [0, 2], m: [0, 2], b: [0, 2] });
  made.show(1);
  const [left, right] = all(made.root, "svg");
  const [line] = all(left, "line");
  assert.deepEqual([line.getAttribute("y1"), line.getAttribute("y2")].map(Number), [95, 0]);
  assert.match(all(right, "g").at(-1).getAttribute("transform"), /translate\(180.0 95.0\)/);
  assert.equal(all(right, "polyline")[1].getAttribute("points").split(" ").length, 2);
});

test("a new picture is named after its neighbours only when all of them were asked", () => {
  const pictures = [[0, 0, 0], [1, 0, 0], [0, 1, 1], [1, 1, 0]].map(([x, y, label]) => ({ place: [x, y], label, src: `data:${x}${y}` }));
  const made = preview({ kind: "neighbours", names: ["heart", "star"], pictures, asked: [{ at: 3, near: [0, 1, 2] }] });
  const said = () => all(made.root, "text")[0].textContent;
  assert.equal(said(), "new");
  made.show(7);
  assert.equal(said(), "2 of 3 say heart");
});

test("what stands still has one moment", () => {
  assert.equal(preview({ kind: "curves", series: [[[0, 0], [1, 1]]] }).count, 1);
});
