import assert from "node:assert/strict";
import { test } from "node:test";

import { load, near, random } from "./browser.mjs";

const { fixed, parsed, rounded, significant } = await load("numbers.js");
const { between, frame, scale, ticks } = await load("scales.js");
const { share, valueAt } = await load("controls.js");
const { decades, plannedEnd } = await load("card_curve.js");

test("numbers have a true minus and no blanks", () => {
  const cases = [
    [fixed(2.5), "2.50"], [fixed(-3, 3), "−3.000"], [fixed(-0), "0.00"], [fixed(-0.004), "0.00"], [fixed(7, 0), "7"],
    [fixed(NaN), "not a number"], [fixed(Infinity), "not a number"], [fixed(null), "not a number"], [fixed(undefined), "not a number"],
    [fixed(1234567), "1.2e6"], [fixed(-2.5e12), "−2.5e12"],
    [significant(0), "0"], [significant(0.12345), "0.123"], [significant(-12.345), "−12.3"], [significant(1234.5), "1230"],
    [significant(0.00012), "1.2e−4"], [significant(2.34e15), "2.3e15"], [significant(-4.56e-7), "−4.6e−7"], [significant(NaN), "not a number"],
  ];
  for (const [found, wanted] of cases) assert.equal(found, wanted);
});

test("what is written reads back", () => {
  const draw = random(1);
  for (let k = 0; k < 2000; k += 1) {
    const value = (draw() - 0.5) * 10 ** Math.floor(draw() * 24 - 10);
    const text = significant(value, 4);
    assert.ok(Math.abs(parsed(text.replaceAll("−", "-")) - value) <= 0.0051 * Math.abs(value), `${value} as ${text}`);
    assert.ok(!text.includes("-"));
  }
});

test("a number field takes what people write, and nothing else", () => {
  const good = { 7: 7, "−2.5": -2.5, " 0,25 ": 0.25, "1e2": 100, "+3": 3, ".5": 0.5, "5.": 5, "1E-3": 0.001 };
  for (const [text, wanted] of Object.entries(good)) assert.equal(parsed(text), wanted);
  for (const text of ["", " ", "seven", "1;2", "1.2.3", "0x10", "Infinity", "--1", "1 2", "1e", "."]) assert.ok(Number.isNaN(parsed(text)), text);
});

test("rounding to significant digits", () => {
  assert.equal(rounded(0.12345, 2), 0.12);
  assert.equal(rounded(1234, 2), 1200);
  assert.equal(rounded("0.05678", 3), 0.0568);
});

test("a scale has its inverse", () => {
  const draw = random(2);
  for (let k = 0; k < 500; k += 1) {
    const low = (draw() - 0.5) * 1e4;
    const to = scale([low, low + 1e-3 + draw() * 1e3], [400 * draw(), 500 + 400 * draw()]);
    const value = low + draw();
    assert.ok(near(to.invert(to(value)), value, 1e-7));
    assert.ok(near(to(to.domain[0]), to.range[0]) && near(to(to.domain[1]), to.range[1]));
  }
  const down = scale([0, 10], [300, 100]);
  assert.deepEqual([down(0), down(5), down(10), down.invert(150)], [300, 200, 100, 7.5]);
});

test("ticks are round, inside, evenly spaced, and neither few nor many", () => {
  const draw = random(3);
  for (let k = 0; k < 3000; k += 1) {
    const span = 10 ** (draw() * 16 - 8);
    const low = (draw() - 0.5) * span * 20;
    const high = low + span;
    const count = 2 + Math.floor(draw() * 4);
    const { values, digits } = ticks(low, high, count);
    assert.ok(values.length >= 2 && values.length <= 9, `${values.length} ticks for ${low} to ${high}, ${count} wanted`);
    for (const value of values) assert.ok(value >= low - 1e-6 * span && value <= high + 1e-6 * span);
    const step = values[1] - values[0];
    values.slice(1).forEach((value, at) => assert.ok(near((value - values[at]) / step, 1, 1e-6)));
    const leading = Number((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(4));
    assert.ok([1, 2, 5, 10].includes(leading), `a step of ${step}`);
    if (digits < 6) assert.equal(new Set(values.map((value) => value.toFixed(digits))).size, values.length);
  }
  assert.deepEqual(ticks(-2, 4, 6), { values: [-2, -1, 0, 1, 2, 3, 4], digits: 0 });
  assert.deepEqual(ticks(0, 1, 5), { values: [0, 0.2, 0.4, 0.6, 0.8, 1], digits: 1 });
});

test("a frame and the way between two ranges", () => {
  assert.deepEqual(frame(300, 200, { left: 40 }), { width: 300, height: 200, left: 40, top: 8, right: 292, bottom: 168 });
  assert.deepEqual(between([0, 10], [4, 20], 0.25), [1, 12.5]);
  assert.deepEqual(between([0, 10], [4, 20], 1), [4, 20]);
});

test("a place on a track and its value are inverse", () => {
  for (const log of [false, true]) {
    for (const part of [0, 0.1, 0.5, 0.93, 1]) assert.ok(near(share(valueAt(part, 0.001, 4, log), 0.001, 4, log), part));
    assert.equal(share(100, 0.001, 4, log), 1);
    assert.equal(share(0.0001, 0.001, 4, log), 0);
    assert.ok(near(valueAt(-3, 0.001, 4, log), 0.001) && near(valueAt(3, 0.001, 4, log), 4));
  }
  assert.ok(near(share(Math.sqrt(0.004), 0.001, 4, true), 0.5));
  assert.equal(share(0, 0, 0), 0, "a path without steps");
});

test("the planned end holds still, holds everything, and jumps", () => {
  const ends = new Set();
  for (let count = 0; count <= 2000; count += 1) {
    const end = plannedEnd(count);
    assert.ok(end >= count && end >= 10);
    assert.ok(count <= 10 || end <= 2.5 * count);
    assert.ok(end >= plannedEnd(Math.max(0, count - 1)));
    ends.add(end);
  }
  assert.ok(ends.size < 12, [...ends].join());
});

test("decades hold the values, at least two of them", () => {
  assert.deepEqual(decades([2.5, 0.03]), [-2, 1]);
  assert.deepEqual(decades([5, 6]), [0, 2]);
  assert.deepEqual(decades([1, 100]), [0, 2]);
  assert.deepEqual(decades([0, 10], 1e-3), [-3, 1]);
  assert.deepEqual(decades([10, NaN, Infinity, 1000]), [1, 3]);
});
