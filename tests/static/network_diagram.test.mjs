import assert from "node:assert/strict";
import { test } from "node:test";

import { load, near, random } from "./browser.mjs";

const { frameShape, linkAt, linkCurve, linkName, neighbour, networkLayout, roomFor, sourcesOf, tagged, tileSize, unitAt, unitName } = await load("network_layout.js");
const { byLevel, largestWeight, linkOpacity, linkWidth } = await load("network_canvas.js");
const { lookup, paintMap } = await load("network_paints.js");
const { beside, entered, sliderReach } = await load("network_popover.js");
const { shortFormula, tagText } = await load("network_overlay.js");

const FEATURES = ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"];
const input = (on = 2) => ({ kind: "input", units: FEATURES.map((label, index) => ({ label, on: index < on })) });
const hidden = (count, more = {}) => ({ kind: "hidden", units: Array.from({ length: count }, (_, index) => ({ label: String(index + 1), dead: false })), ...more });
const output = (count = 1) => ({ kind: "output", units: Array.from({ length: count }, (_, index) => ({ label: `P(${index})`, colour: null })) });
const network = (on, sizes, outputs = 1) => [input(on), ...sizes.map((count) => hidden(count)), output(outputs)];
const BOX = { width: 690, height: 380 };

/** Networks of every depth and width, the same in every run. */
function* networks(seed, count) {
  const draw = random(seed);
  for (let k = 0; k < count; k += 1) {
    const sizes = Array.from({ length: Math.floor(draw() * 9) }, () => 1 + Math.floor(draw() * 16));
    yield { columns: network(1 + Math.floor(draw() * 7), sizes, 1 + Math.floor(draw() * 8)), draw };
  }
}

// -- places ------------------------------------------------------------------------------

test("every tile stands inside the box, apart from its neighbours, in the order of the network", () => {
  for (const { columns, draw } of networks(1, 300)) {
    const box = { width: 330 + draw() * 900, height: 340 + draw() * 200, em: draw() < 0.3 ? 20 : 16 };
    const layout = networkLayout(columns, box);
    assert.ok(layout.width >= box.width && layout.height === box.height);
    let edge = 0;
    layout.columns.forEach(({ x, size, ys }, index) => {
      assert.equal(ys.length, columns[index].units.length);
      assert.ok(x - size / 2 > edge && x + size / 2 < layout.width, "columns do not touch");
      edge = x + size / 2 + 10;
      assert.ok(size >= 8 && size <= 36);
      ys.forEach((y, unit) => {
        assert.ok(y - size / 2 >= layout.top - 1 && y + size / 2 <= layout.bottom + 1);
        assert.ok(unit === 0 || y - ys[unit - 1] >= size + 1, "tiles do not touch");
        assert.ok(Number.isInteger(y - size / 2) && Number.isInteger(x - size / 2), "tiles lie on whole pixels");
      });
    });
  }
});

test("columns are spread evenly and each is centred", () => {
  for (const { columns } of networks(2, 60)) {
    const layout = networkLayout(columns, BOX);
    layout.columns.forEach(({ x, ys }, index) => {
      assert.ok(index === 0 || Math.abs(x - layout.columns[index - 1].x - layout.distance) <= 1);
      assert.ok(Math.abs((ys[0] + ys.at(-1)) / 2 - (layout.top + layout.bottom) / 2) <= 1);
    });
  }
});

test("tiles shrink from 36 px to about 16, and the largest network fits a pane of 690 px", () => {
  const small = networkLayout(network(2, [4, 2]), BOX);
  assert.deepEqual(small.columns.slice(1).map(({ size }) => size), [36, 36, 36]);
  const wide = networkLayout(network(2, [16]), BOX);
  assert.ok(wide.columns[1].size >= 15 && wide.columns[1].size <= 17, String(wide.columns[1].size));
  const large = networkLayout(network(7, Array(8).fill(16), 6), BOX);
  assert.equal(large.width, 690);
  assert.ok(Math.min(...large.columns.map(({ size }) => size)) >= 14);
  for (let count = 2; count <= 16; count += 1) assert.ok(tileSize(count, 300, 200).size <= tileSize(count - 1, 300, 200).size);
});

test("a narrow box scrolls: columns keep 60 px, in lecture mode 75", () => {
  const columns = network(2, Array(8).fill(4));
  assert.ok(networkLayout(columns, { width: 362, height: 380 }).width > 362);
  assert.ok(networkLayout(columns, { width: 362, height: 380 }).distance >= 60);
  assert.ok(networkLayout(columns, { width: 362, height: 380, em: 20 }).distance >= 75);
  assert.equal(networkLayout(network(2, [8, 6]), { width: 362, height: 380 }).width, 362);
  assert.deepEqual([60, 99, 100, 163, 164].map((distance) => roomFor(distance)), ["tight", "tight", "snug", "snug", "wide"]);
  assert.equal(roomFor(164, 20), "snug");
});

test("a line for dropout and batch normalization is made only where there is one", () => {
  const plain = networkLayout(network(2, [4]), BOX);
  const told = networkLayout([input(), hidden(4, { dropout: 0.2 }), output()], BOX);
  assert.equal(told.top - plain.top, 16);
  assert.ok(tagged({ batchNorm: true }) && !tagged({ dropout: 0, batchNorm: false }));
});

test("layers can be put in between all neighbours", () => {
  for (const { columns } of networks(3, 40)) {
    const { addPlaces, columns: placed } = networkLayout(columns, BOX);
    assert.deepEqual(addPlaces.map(({ position }) => position), placed.slice(1).map((_, index) => index));
    addPlaces.forEach(({ x }, index) => assert.ok(Math.abs(x - (placed[index].x + placed[index + 1].x) / 2) <= 0.5));
  }
});

// -- numbers of a frame ------------------------------------------------------------------

test("a frame has as many numbers as the network has parameters, and each its place", () => {
  const shape = frameShape(network(2, [8, 6]));
  assert.equal(shape.weights + shape.biases, 24 + 54 + 7);
  assert.deepEqual(shape.layers.map(({ weights, biases }) => [weights, biases]), [[0, 0], [16, 8], [64, 14]]);
  assert.equal(frameShape(network(7, Array(8).fill(16), 6)).weights, 7 * 16 + 7 * 256 + 96);
  assert.deepEqual(sourcesOf({ units: [{ on: false }, { on: true }, { on: true }, { on: false }] }), [1, 2]);
  assert.deepEqual(sourcesOf(hidden(3)), [0, 1, 2]);
});

test("inputs that are left out have no links", () => {
  const columns = network(2, [3]);
  columns[0].units.forEach((unit, index) => { unit.on = index === 1 || index === 5; });
  const layout = networkLayout(columns, BOX);
  assert.deepEqual(layout.gaps[0].from, [layout.columns[0].ys[1], layout.columns[0].ys[5]]);
  assert.equal(linkName(columns, { layer: 0, to: 2, source: 1 }), "sin x₁ → hidden 1, unit 3");
});

// -- what lies under a point -------------------------------------------------------------

test("the middle and the rim of a tile are its unit, the space between is none", () => {
  for (const { columns } of networks(4, 40)) {
    const layout = networkLayout(columns, BOX);
    layout.columns.forEach(({ x, size, ys }, column) => ys.forEach((y, unit) => {
      for (const [dx, dy] of [[0, 0], [-0.5, 0.5], [0.5, -0.5]]) assert.deepEqual(unitAt(layout, [x + dx * size, y + dy * size]), { column, unit });
      assert.equal(unitAt(layout, [x + size / 2 + 4, y]), null);
    }));
    assert.equal(unitAt(layout, [layout.columns[0].x, layout.top - 20]), null);
  }
});

/** Distance from a point to a cubic curve, from 4000 points on it. */
function distanceTo([x1, y1, ax, ay, bx, by, x2, y2], [x, y]) {
  let best = Infinity;
  for (let k = 0; k <= 4000; k += 1) {
    const t = k / 4000;
    const [p, q, r, s] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t ** 3];
    best = Math.min(best, Math.hypot(p * x1 + q * ax + r * bx + s * x2 - x, p * y1 + q * ay + r * by + s * y2 - y));
  }
  return best;
}

test("the nearest link is the nearest of all curves, measured point by point", () => {
  const columns = network(3, [5, 3], 2);
  const layout = networkLayout(columns, BOX);
  const draw = random(5);
  let found = 0;
  for (let k = 0; k < 120; k += 1) {
    const layer = Math.floor(draw() * 3);
    const gap = layout.gaps[layer];
    const point = [gap.x1 + (gap.x2 - gap.x1) * (0.1 + 0.8 * draw()), layout.top + (layout.bottom - layout.top) * draw()];
    const all = gap.to.flatMap((_, to) => gap.from.map((__, source) => ({ to, source, distance: distanceTo(linkCurve(gap, to, source), point) })));
    all.sort((one, other) => one.distance - other.distance);
    const hit = linkAt(layout, point, 6);
    if (all[0].distance > 7) assert.equal(hit, null);
    if (!hit) {
      assert.ok(all[0].distance > 5);
      continue;
    }
    found += 1;
    const real = all.find(({ to, source }) => to === hit.to && source === hit.source).distance;
    assert.equal(hit.layer, layer);
    assert.ok(real - all[0].distance < 1, `${real} is no more than 1 px from the nearest, ${all[0].distance}`);
    assert.ok(Math.abs(hit.distance - real) < 1.2);
  }
  assert.ok(found > 20);
  assert.equal(linkAt(layout, [layout.columns[1].x, layout.columns[1].ys[0]], 30), null, "tiles are no links");
  assert.equal(linkAt(layout, [5, 200], 30), null);
});

test("links begin and end at the tiles, at the height of their middles", () => {
  const layout = networkLayout(network(2, [4, 3]), BOX);
  const [x1, y1, , ay, , by, x2, y2] = linkCurve(layout.gaps[1], 2, 3);
  const [from, to] = [layout.columns[1], layout.columns[2]];
  assert.deepEqual([y1, ay, by, y2], [from.ys[3], from.ys[3], to.ys[2], to.ys[2]]);
  assert.deepEqual([x1, x2], [from.x + from.size / 2 + 1, to.x - to.size / 2 - 1]);
});

// -- keys and names ----------------------------------------------------------------------

test("arrow keys walk through columns and stop at the rim", () => {
  const counts = [7, 8, 1];
  const from = (column, unit, key) => neighbour(counts, { column, unit }, key);
  assert.deepEqual(from(1, 3, "ArrowDown"), { column: 1, unit: 4 });
  assert.deepEqual(from(1, 3, "ArrowUp"), { column: 1, unit: 2 });
  assert.deepEqual(from(0, 6, "ArrowRight"), { column: 1, unit: 7 });
  assert.deepEqual(from(1, 7, "ArrowRight"), { column: 2, unit: 0 });
  assert.deepEqual(from(2, 0, "ArrowLeft"), { column: 1, unit: 4 });
  for (const [column, unit, key] of [[0, 0, "ArrowLeft"], [2, 0, "ArrowRight"], [1, 0, "ArrowUp"], [1, 7, "ArrowDown"], [1, 3, "Enter"]]) {
    assert.equal(from(column, unit, key), null);
  }
});

test("units and links are called what the page calls them", () => {
  const columns = network(2, [8, 6]);
  assert.equal(unitName(columns, { column: 2, unit: 5 }), "hidden 2, unit 6");
  assert.equal(unitName(columns, { column: 0, unit: 4 }), "x₁x₂");
  assert.equal(unitName(columns, { column: 3, unit: 0 }), "output P(0)");
  assert.equal(linkName(columns, { layer: 2, to: 0, source: 5 }), "hidden 2, unit 6 → output P(0)");
  assert.equal(tagText({ dropout: 0.2, batchNorm: true }, "wide"), "dropout 0.2 · batch norm");
  assert.equal(tagText({ dropout: 0.15000000000000002 }, "tight"), "p 0.15");
  assert.equal(tagText({ dropout: 0, batchNorm: false }, "snug"), "");
  assert.equal(shortFormula("2×8+8 = 24"), "24");
});

// -- colours and strokes -----------------------------------------------------------------

const grey = (value) => Array(3).fill(Math.round((value + 1) * 100)); // 0 … 200, the middle 100.
const table = lookup(grey, [255, 0, 7]);
const red = (pixel) => pixel & 255;
function painted(values, unit = false) {
  const pixels = new Uint32Array(values.length + 2);
  paintMap(pixels, 1, Float32Array.from([9, ...values]), 1, values.length, table, unit);
  assert.deepEqual([pixels[0], pixels.at(-1)], [0, 0], "nothing is written beside the map");
  return [...pixels.slice(1, -1)];
}

test("colours are packed as red, green, blue, opaque", () => {
  const packed = lookup(() => [1, 2, 3], [4, 5, 6]);
  assert.deepEqual([...new Uint8Array(packed.buffer).slice(0, 8)], [4, 5, 6, 255, 1, 2, 3, 255]);
});

test("a map is coloured by its value over its largest size, at least 1", () => {
  assert.deepEqual(painted([-1, 0, 1, 0.5]).map(red), [0, 100, 200, 150]);
  assert.deepEqual(painted([-0.5, 0, 0.25]).map(red), [50, 100, 125]);
  assert.deepEqual(painted([-8, 0, 4, 8]).map(red), [0, 100, 150, 200]);
  const draw = random(6);
  for (let k = 0; k < 200; k += 1) {
    const values = Array.from({ length: 30 }, () => (draw() - 0.5) * 10 ** (draw() * 6 - 2));
    const largest = Math.max(1, ...values.map(Math.abs));
    painted(values).forEach((pixel, index) => assert.ok(Math.abs(red(pixel) - (values[index] / largest + 1) * 100) <= 1.01));
  }
});

test("probabilities use the whole ramp, one half is its middle", () => {
  assert.deepEqual(painted([0, 0.25, 0.5, 1], true).map(red), [0, 50, 100, 200]);
  assert.deepEqual(painted([-0.001, 1.001], true).map(red), [0, 200]);
});

test("what is not a number has a colour of its own, and never hides the rest", () => {
  assert.equal(painted([NaN, 0])[0], table[0]);
  assert.deepEqual(painted([NaN, -1, 1]).slice(1).map(red), [0, 200]);
  const [infinite, finite] = painted([Infinity, 3]);
  assert.equal(infinite, table[0]);
  assert.equal(red(finite), 100);
});

test("links are as wide as their weight is large in its layer", () => {
  const weights = Float32Array.from([9, -0.2, 0.5, -4, 2, 30]);
  assert.equal(largestWeight(weights, 1, 2), 1);
  assert.equal(largestWeight(weights, 1, 4), 4);
  assert.equal(largestWeight(Float32Array.from([NaN, Infinity, -2]), 0, 3), 2);
  for (const size of [14, 16, 24, 36]) {
    assert.equal(linkWidth(0, size), 0.5);
    assert.ok(linkWidth(1, size) > 1 && linkWidth(1, size) <= 6);
    assert.ok(near(linkWidth(0.5, size), (linkWidth(0, size) + linkWidth(1, size)) / 2));
  }
  assert.equal(linkWidth(1, 36), 6);
  for (const count of [2, 64, 256]) {
    for (let part = 0; part < 1; part += 0.1) assert.ok(linkOpacity(part, count) > 0.1 && linkOpacity(part, count) < linkOpacity(part + 0.1, count));
    assert.ok(linkOpacity(1, count) <= 0.7 + 1e-9);
  }
});

test("links are painted weakest first", () => {
  const draw = random(7);
  const [order, starts] = [new Uint16Array(300), new Uint16Array(25)];
  for (let k = 0; k < 50; k += 1) {
    const levels = Uint8Array.from({ length: 1 + Math.floor(draw() * 256) }, () => Math.floor(draw() * 24));
    byLevel(levels, levels.length, order, starts);
    const wanted = [...levels.keys()].sort((one, other) => levels[one] - levels[other] || one - other);
    assert.deepEqual([...order.slice(0, levels.length)], wanted);
  }
});

// -- the small editors -------------------------------------------------------------------

test("the slider of a weight widens for larger values", () => {
  assert.deepEqual([0, -3, 3.01, -7, 15, 40, -100].map(sliderReach), [3, 3, 5, 10, 20, 50, 100]);
});

test("a number field takes every number within ±100", () => {
  assert.deepEqual(["1.5", "−2,5", "250", "-1e9", "x", "", "1e-3"].map(entered), [1.5, -2.5, 100, -100, null, null, 0.001]);
});

test("an editor stands beside what it edits, inside the frame, and does not cover it", () => {
  const draw = random(8);
  const [width, height] = [232, 130];
  for (let k = 0; k < 500; k += 1) {
    const frame = [330 + draw() * 800, 340 + draw() * 100];
    const anchor = { x: 20 + draw() * (frame[0] - 40), y: 20 + draw() * (frame[1] - 40), away: 18 };
    const [left, top] = beside(anchor, [width, height], frame);
    assert.ok(left >= 4 && left + width <= frame[0]);
    const [dx, dy] = [Math.max(left - anchor.x, anchor.x - left - width), Math.max(top - anchor.y, anchor.y - top - height)];
    assert.ok(Math.max(dx, dy) >= anchor.away, `${dx}, ${dy}`);
    if (dx >= anchor.away) assert.ok(top >= 4 && top + height <= frame[1]);
  }
});
