import assert from "node:assert/strict";
import { test } from "node:test";

import { load, near, random } from "./browser.mjs";

const { curvesScene, slices } = await load("activation_stage.js");
const { spread } = await load("activation_curves.js");
const { sparkPath } = await load("activation_picker.js");
const { bands, columns, shareText } = await load("softmax_pane.js");
const { foot, fromPlaces } = await load("neuron_panes.js");
const { powerRange } = await load("depth_pane.js");
const { curvePath } = await load("function_plot.js");
const { snapped } = await load("live_controls.js");
const { adoptClassColours, tone } = await load("series_colours.js");
const { divergingRamp } = await load("diverging.js");
const { scale } = await load("scales.js");

const points = (path) => [...path.matchAll(/([ML])(-?[\d.]+) (-?[\d.]+)/g)].map(([, pen, x, y]) => [pen, Number(x), Number(y)]);
const pens = (path) => points(path).map(([pen]) => pen).join("");

// -- the message -----------------------------------------------------------------------

test("the numbers of a message are cut at the lengths of the header, without a copy", () => {
  const values = Float32Array.from({ length: 9 }, (_, at) => at);
  const found = slices([["a", 2], ["empty", 0], ["b", 4], ["c", 3]], values);
  assert.deepEqual(Object.keys(found), ["a", "empty", "b", "c"]);
  assert.deepEqual([...found.a], [0, 1]);
  assert.equal(found.empty.length, 0);
  assert.deepEqual([...found.b], [2, 3, 4, 5]);
  assert.deepEqual([...found.c], [6, 7, 8]);
  assert.equal(found.b.buffer, values.buffer);
  assert.deepEqual(slices([], values), {});
});

test("every function of the left scene gets its own curves", () => {
  const header = { range: [-5, 5], yRange: [-1, 2], cursor: 1, show: "both", functions: [{ name: "relu", f: 1, d: 2 }, { name: "own", f: 3, d: null }] };
  const data = { f_relu: [1], d_relu: [2], f_own: [3], d_own: [4], sum: [5] };
  const scene = curvesScene(header, data);
  assert.deepEqual(scene.functions.map(({ name, values, derivative, d }) => [name, values, derivative, d]), [["relu", [1], [2], 2], ["own", [3], [4], null]]);
  assert.deepEqual([scene.range, scene.yRange, scene.cursor, scene.show], [[-5, 5], [-1, 2], 1, "both"]);
});

// -- curves ----------------------------------------------------------------------------

const x = scale([-5, 5], [0, 100]);
const y = scale([-1, 1], [50, 0]);

test("a curve goes from edge to edge", () => {
  const path = curvePath(Float32Array.of(-1, 0, 1), x, y);
  assert.deepEqual(points(path), [["M", 0, 50], ["L", 50, 25], ["L", 100, 0]]);
});

test("a curve breaks where it is not a number, and where it is infinite", () => {
  assert.equal(pens(curvePath([0, 1, NaN, NaN, 1, 0], x, y)), "MLML");
  assert.equal(pens(curvePath([NaN, 0, Infinity, 0, -Infinity], x, y)), "MM");
  assert.equal(curvePath([NaN, NaN, NaN], x, y), "");
  const [, again] = points(curvePath([0, NaN, 0], x, y));
  assert.deepEqual(again, ["M", 100, 25]);
});

test("a curve that leaves the picture stays within what SVG can draw", () => {
  for (const [, , height] of points(curvePath([3e38, -3e38, 1e9], x, y))) assert.ok(Math.abs(height) <= 1e4);
});

test("labels keep their gap, their bounds and their order", () => {
  const next = random(7);
  for (let round = 0; round < 500; round += 1) {
    const count = 1 + Math.floor(next() * 6);
    const heights = Array.from({ length: count }, () => next() * 300 - 50);
    const found = spread(heights, 20, 10, 190);
    const sorted = [...found].sort((p, q) => p - q);
    sorted.forEach((at, place) => {
      assert.ok(at >= 10 && at <= 190, `${heights} became ${found}`);
      if (place) assert.ok(at - sorted[place - 1] >= 20 - 1e-9, `${heights} became ${found}`);
    });
    heights.forEach((p, i) => heights.forEach((q, j) => p < q && assert.ok(found[i] < found[j])));
  }
});

test("labels with room stay where they are", () => {
  assert.deepEqual(spread([150, 20, 80], 20, 10, 190), [150, 20, 80]);
  assert.deepEqual(spread([], 20, 10, 190), []);
});

test("a small curve fills its box, whatever its range is", () => {
  for (const values of [[0, 1, 2], [-1e6, 5, 1e6], [3, 3, 3], [NaN, 1, -1], [Infinity, 0, 1]]) {
    const found = points(sparkPath(values));
    assert.equal(found.length, values.length);
    found.forEach(([, px, py]) => assert.ok(px >= 2 && px <= 50 && py >= 3 && py <= 23));
  }
  assert.deepEqual(points(sparkPath([0, 1])), [["M", 2, 23], ["L", 50, 3]]);
});

// -- neurons ---------------------------------------------------------------------------

test("two places give weight and bias, and weight and bias give the places", () => {
  const next = random(3);
  for (let round = 0; round < 500; round += 1) {
    const w = (next() < 0.5 ? -1 : 1) * (0.1 + 9.9 * next());
    const b = 20 * next() - 10;
    const found = fromPlaces(-b / w, (1 - b) / w);
    assert.ok(near(found.w, w, 1e-7) && near(found.b, b, 1e-7), `${w}, ${b} became ${found.w}, ${found.b}`);
  }
});

test("places that lie together or far apart give a weight that can be drawn", () => {
  for (const [zero, one] of [[1, 1], [1, 1 + 1e-12], [2, 1.99], [-5, 5e6], [5, -5e6]]) {
    const { w, b } = fromPlaces(zero, one);
    assert.ok(Math.abs(w) >= 0.1 && Math.abs(w) <= 10);
    assert.ok(near(w * zero + b, 0, 1e-9), "the sum is still 0 where it was");
  }
  assert.equal(Math.sign(fromPlaces(1, 0).w), -1);
});

test("the foot lies on the line, nearest to the origin", () => {
  const next = random(5);
  for (let round = 0; round < 200; round += 1) {
    const [w1, w2, b] = [8 * next() - 4, 8 * next() - 4, 10 * next() - 5];
    const [fx, fy] = foot([w1, w2], b);
    assert.ok(near(w1 * fx + w2 * fy + b, 0));
    assert.ok(near(-w2 * fx + w1 * fy, 0), "it is at a right angle to the line");
  }
});

// -- depth and controls ----------------------------------------------------------------

test("powers of ten surround what is positive", () => {
  assert.deepEqual(powerRange([1, 0.5, 3e-5]), [-5, 1]);
  assert.deepEqual(powerRange([2000, 1]), [-1, 4]);
  assert.deepEqual(powerRange([1e-300, 1e300]), [-12, 12]);
  assert.deepEqual(powerRange([0, -1, NaN, Infinity]), [-1, 1]);
  assert.deepEqual(powerRange([]), [-1, 1]);
});

test("sliders snap to their step from their minimum on", () => {
  assert.equal(snapped(0.123, { step: 0.05, log: false, minimum: -5 }), 0.1);
  assert.equal(snapped(0.13, { step: 0.05, log: false, minimum: 0.1 }), 0.15);
  assert.equal(snapped(-0.0001, { step: 0.01, log: false, minimum: 0 }), 0);
  assert.equal(snapped(0.30000000000000004, { step: 0.1, log: false, minimum: 0 }), 0.3);
  assert.equal(snapped(0.0123456, { step: 0.001, log: true, minimum: 0.001 }), 0.012);
});

test("four curves differ in colour and in dash", () => {
  const four = [0, 1, 2, 3].map(tone);
  assert.equal(new Set(four.map((one) => one.colour)).size, 4);
  assert.equal(new Set(four.map((one) => one.dash)).size, 4);
  assert.deepEqual(tone(4), tone(0));
});

function styled(variables, act) {
  const before = globalThis.getComputedStyle;
  globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => variables[name] ?? "" });
  try {
    return act();
  } finally {
    globalThis.getComputedStyle = before;
  }
}

test("the colours of the theme become variables", () => {
  const set = {};
  styled({ "--st-chart-categorical-colors": "#111111, #222222,#333333" }, () => adoptClassColours({ style: { setProperty: (name, value) => { set[name] = value; } } }));
  assert.deepEqual(set, { "--class-1": "#111111", "--class-2": "#222222", "--class-3": "#333333" });
});

test("the diverging scale goes from the first colour over grey to the last", () => {
  const ten = ["#000000", "#101010", "#202020", "#303030", "#404040", "#505050", "#606060", "#707070", "#808080", "#ff00ff"];
  const ramp = styled({ "--st-chart-diverging-colors": ten.join(", "), "--st-gray-background-color": "#0a0b0c" }, () => divergingRamp({}));
  assert.deepEqual(ramp(-1), [0, 0, 0]);
  assert.deepEqual(ramp(1), [255, 0, 255]);
  assert.deepEqual(ramp(0), [10, 11, 12]);
  assert.deepEqual(ramp(-9), ramp(-1));
  assert.deepEqual(ramp(NaN), ramp(0));
  assert.deepEqual(ramp(Infinity), ramp(0));
});

test("the diverging scale does without a theme", () => {
  const ramp = styled({}, () => divergingRamp({}));
  for (let value = -1; value <= 1; value += 0.05) {
    for (const part of ramp(value)) assert.ok(Number.isInteger(part) && part >= 0 && part <= 255);
  }
  assert.notDeepEqual(ramp(-1), ramp(1));
});

// -- softmax ---------------------------------------------------------------------------

test("three bands lie under each other and keep room for their words", () => {
  for (const [top, bottom] of [[14, 290], [0, 180], [14, 430]]) {
    const found = bands({ top, bottom });
    assert.equal(found.length, 3);
    assert.ok(near(found[0][0], top) && near(found[2][1], bottom));
    found.forEach(([from, to], place) => {
      assert.ok(to - from > 25, `${from} to ${to}`);
      if (place) assert.ok(from - found[place - 1][1] >= 14 - 1e-9);
    });
  }
});

test("a pixel lies in the column whose middle is nearest", () => {
  const next = random(11);
  for (let round = 0; round < 300; round += 1) {
    const count = 3 + Math.floor(4 * next());
    const found = columns(count, 34, 34 + 200 + 300 * next());
    const px = 34 + found.width * count * next();
    const distances = Array.from({ length: count }, (_, index) => Math.abs(found.middle(index) - px));
    assert.equal(found.at(px), distances.indexOf(Math.min(...distances)));
  }
  const three = columns(3, 0, 90);
  assert.deepEqual([three.at(-5), three.at(95)], [0, 2]);
});

test("a share is never written as 0 unless it is 0", () => {
  assert.equal(shareText(0.65900114), "0.659");
  assert.equal(shareText(0), "0.000");
  assert.equal(shareText(1), "1.000");
  assert.equal(shareText(0.0004), "4.0e−4");
  assert.equal(shareText(3.720075976e-44), "3.7e−44");
  assert.equal(shareText(-0.004, 2), "−0.004");
  for (let power = 0; power < 60; power += 1) assert.ok(!/^−?0\.0*$/.test(shareText(-(10 ** -power), 2)));
});
