import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";

const { aside, placeOf } = await load("augmentation_order.js");
const { relayed } = await load("augmentation_row.js");
const { files, neighbour } = await load("augmentation_pictures.js");
const { base64, gesture, isArchive, piecesOf } = await load("augmentation_upload.js");
const { reach } = await load("card_augment_race.js");
const { sizesText } = await load("augmentation_stage.js");
const { ceiling, outline } = await load("card_histogram.js");

/** Rows of the given heights, one below the other. */
const stacked = (heights) => heights.map((height, index) => ({ height, top: heights.slice(0, index).reduce((sum, one) => sum + one, 0) }));

// -- reordering ------------------------------------------------------------------------

test("a row that is not moved stays, wherever it is and however tall the others are", () => {
  const boxes = stacked([50, 200, 50, 50]);
  boxes.forEach((_, index) => assert.equal(placeOf(boxes, index, 0), index));
});

test("a row changes places once its middle has passed the middle of another", () => {
  const boxes = stacked([50, 50, 50, 50]);
  assert.equal(placeOf(boxes, 0, 49), 0);
  assert.equal(placeOf(boxes, 0, 51), 1);
  assert.equal(placeOf(boxes, 0, 1000), 3);
  assert.equal(placeOf(boxes, 3, -99), 2);
  assert.equal(placeOf(boxes, 3, -1000), 0);
});

test("the others make room as the list looks after the move", () => {
  for (const [from, to] of [[0, 3], [3, 0], [1, 2], [2, 2]]) {
    const order = [0, 1, 2, 3].toSpliced(from, 1).toSpliced(to, 0, from);
    for (const index of [0, 1, 2, 3].filter((one) => one !== from)) {
      assert.equal(index * 60 + aside(index, from, to, 60), order.indexOf(index) * 60, `${from} to ${to}, row ${index}`);
    }
  }
});

// -- gestures --------------------------------------------------------------------------

test("a control of a step says which step it belongs to", () => {
  assert.deepEqual(relayed({ type: "set", target: "degrees", name: "degrees", value: 30, moving: true }, 2),
    { type: "value", at: 2, name: "degrees", value: 30, moving: true, target: "2.degrees" });
  assert.deepEqual(relayed({ type: "rest" }, 2), { type: "rest" });
});

test("arrow keys go through the grid and stop at its edges", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "a"].map((key) => neighbour(key, 5, 4, 16)), [4, 6, 1, 9, 0, 15, null]);
  assert.deepEqual(["ArrowLeft", "ArrowUp"].map((key) => neighbour(key, 0, 4, 16)), [null, null]);
  assert.deepEqual(["ArrowRight", "ArrowDown"].map((key) => neighbour(key, 15, 4, 16)), [null, null]);
});

// -- pictures --------------------------------------------------------------------------

test("the files of a message are cut at their sizes, whatever bytes they hold", () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => 255 - index);
  const cut = files(new Float32Array(bytes.buffer, 4, 3), [5, 0, 4]);
  assert.deepEqual(cut.map((one) => [...one]), [[251, 250, 249, 248, 247], [], [246, 245, 244, 243]]);
});

test("bytes become the letters that any decoder reads back, also beyond one chunk", () => {
  const bytes = Uint8Array.from({ length: 70_001 }, (_, index) => (index * 37) % 256);
  assert.deepEqual(new Uint8Array(Buffer.from(base64(bytes), "base64")), bytes);
  assert.equal(base64(new Uint8Array()), "");
});

test("a file beyond the limit is not read at all", async () => {
  const unread = { size: 11, arrayBuffer: () => assert.fail("it was read") };
  assert.deepEqual(await gesture(unread, 10), { type: "too_large", bytes: 11 });
  assert.deepEqual(await gesture(new Blob(["abc"]), 10), { type: "upload", data: "YWJj" });
});

test("sixteen sizes are told in a few words", () => {
  assert.equal(sizesText([{ size: "224×224" }, { size: "224×224" }]), "224×224");
  assert.equal(sizesText([{ size: "300×300" }, { size: "90×400" }, { size: "1000×20" }]), "from 1000×20 to 300×300");
});

// -- histograms ------------------------------------------------------------------------

test("an outline begins and ends on the ground and has one step for each bin", () => {
  const path = outline([1, 3], (bin) => bin * 10, (count) => 100 - count * 10);
  assert.equal(path, "M0.0 100.0H0.0V90.0H10.0H10.0V70.0H20.0V100.0");
});

test("one spike does not flatten everything else", () => {
  const counts = [50_000, ...Array.from({ length: 63 }, (_, index) => 100 + index)];
  const top = ceiling([{ counts }]);
  assert.ok(top >= 162 && top < 1000, String(top));
  assert.equal(ceiling([{ counts: [0, 0] }]), 1);
  assert.equal(ceiling([{ counts: [7, 7, 7, 7] }]), 7);
});

test("an archive goes in pieces that put together give the file", async () => {
  const file = new File([Uint8Array.from({ length: 1000 }, (_, at) => at % 251)], "set.ZIP");
  assert.ok(isArchive(file));
  assert.ok(!isArchive(new File(["x"], "cat.png", { type: "image/png" })));
  const sent = [];
  for await (const piece of piecesOf(file, "a", 300)) sent.push(piece);
  assert.deepEqual(sent.map(({ at, last }) => [at, last]), [[0, false], [300, false], [600, false], [900, true]]);
  const whole = Buffer.concat(sent.map(({ data }) => Buffer.from(data, "base64")));
  assert.deepEqual(new Uint8Array(whole), new Uint8Array(await file.arrayBuffer()));
});

test("the axis of differences holds 0, every seed and the interval", () => {
  assert.equal(reach({ low: 2, high: 5.4, each: [3, 4] }), 10);
  assert.equal(reach({ low: null, high: null, each: [0.2] }), 5);
  assert.equal(reach({ low: -60, high: 99, each: [1] }), 100);
});
