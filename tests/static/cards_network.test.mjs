import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { load, near, random } from "./browser.mjs";
import { all, fire, key, press } from "./page.mjs";

const { apart, heights, logTicks, nearest, pieces, sane, whole } = await load("line_plot.js");
const { decades } = await load("card_curve.js");
const { bar } = await load("card_unit.js");
const { filled } = await load("card_layers.js");
const { share } = await load("card_confusion.js");
const { bytes } = await load("saving.js");
const { lossText } = await load("card_scratch.js");
const { PlayClock, waitFor } = await load("play_clock.js");
const { answerAt, mapKind, valueAt } = await load("decision_map.js");
const { colourMap, mixed, signedIndex, sureness } = await load("decision_colours.js");
const { markRadius } = await load("point_marks.js");
const { pieces: sidePieces } = await load("network_side.js");
const { cutMoments, speedText } = await load("network_stage.js");
const { base64, shrunk } = await load("drawing_pad.js");
const { face } = await load("progress_bar.js");
const { editable } = await load("editable.js");
const { scale } = await load("scales.js");

// -- curves ----------------------------------------------------------------------------

test("a run that went astray does not flatten what came before it", () => {
  assert.deepEqual(sane([[0.5, 0.4, 3e38], [0.6, 700]]), [[0.5, 0.4, NaN], [0.6, NaN]]);
  assert.deepEqual(sane([[NaN, 2, 1999]]), [[NaN, 2, 1999]]);
});

test("a range of whole ticks holds all of the data and stays when they move a little", () => {
  for (const [low, high] of [[0.013, 0.71], [-2.2, 8.9], [91.3, 99.2]]) {
    const [from, to] = whole([low, high]);
    assert.ok(from <= low && to >= high);
    assert.deepEqual(whole([low, high - 1e-4]), [from, to]);
  }
  assert.deepEqual(whole([91.3, 99.9], [0, 100]), [90, 100]);
});

test("labels keep their gap, their bounds and their order, and move only if they must", () => {
  const draw = random(7);
  for (let round = 0; round < 500; round += 1) {
    const places = Array.from({ length: 1 + Math.floor(draw() * 5) }, () => draw() * 300 - 50);
    const given = [...places];
    const found = apart(places, 34, [6, 190]);
    assert.deepEqual(places, given, "what was given stays as it was");
    const sorted = [...found].sort((one, other) => one - other);
    sorted.forEach((at, rank) => {
      assert.ok(at >= 6 && at <= 190, `${places} became ${found}`);
      if (rank) assert.ok(at - sorted[rank - 1] >= 34 - 1e-9, `${places} became ${found}`);
    });
    places.forEach((one, i) => places.forEach((other, j) => one < other && assert.ok(found[i] < found[j])));
  }
  assert.deepEqual(apart([150, 20, 80], 34, [6, 190]), [150, 20, 80]);
  assert.deepEqual(apart([], 34, [6, 190]), []);
});

test("the range of y holds every number, with 0 where it is near", () => {
  const draw = random(8);
  for (let round = 0; round < 300; round += 1) {
    const rows = [Float32Array.from({ length: 20 }, () => (draw() - 0.3) * 10 ** (draw() * 4)), Float32Array.of(NaN, Infinity, draw())];
    const [bottom, top] = heights(rows, null);
    for (const value of rows.flatMap((row) => [...row]).filter(Number.isFinite)) assert.ok(value >= bottom && value <= top);
    assert.ok(bottom < top);
  }
  assert.equal(heights([[0.2, 2]], null)[0], 0);
  assert.ok(heights([[1.9, 2]], null)[0] > 1.8, "far from 0 there is no use in showing it");
  assert.ok(heights([[-1, 2]], null)[0] < -1);
  for (const rows of [[[3, 3]], [[0]], [[NaN]], [[]]]) assert.ok(heights(rows, null)[0] < heights(rows, null)[1]);
  assert.deepEqual(heights([[5]], [0, 1]), [0, 1]);
});

test("long runs have ranges too, and so have runs without a number", () => {
  const long = Array.from({ length: 400_000 }, (_, at) => 1 + (at % 900));
  assert.deepEqual(decades(long), [0, 3]);
  assert.ok(heights([long], null)[1] >= 900);
  for (const none of [[], [NaN, Infinity]]) assert.ok(decades(none).every(Number.isInteger) && decades(none)[1] - decades(none)[0] >= 2);
});

test("the nearest of a rising row is nearer than all others", () => {
  const draw = random(9);
  for (let round = 0; round < 200; round += 1) {
    const row = Array.from({ length: 1 + Math.floor(draw() * 20) }, () => draw() * 100).sort((one, other) => one - other);
    const value = draw() * 120 - 10;
    const least = Math.min(...row.map((one) => Math.abs(one - value)));
    assert.equal(Math.abs(row[nearest(row, value)] - value), least);
  }
});

test("a curve breaks where numbers are missing", () => {
  const [toX, toY] = [scale([0, 5], [0, 50]), scale([0, 1], [10, 0])];
  assert.deepEqual(pieces([0, 1, 2, 3, 4, 5], [NaN, 0, 1, Infinity, NaN, 0.5], toX, toY), ["10.0,10.0 20.0,0.0", "50.0,5.0"]);
  assert.deepEqual(pieces([0, 1], [NaN, NaN], toX, toY), []);
  assert.deepEqual(pieces([], [], toX, toY), []);
});

test("a log axis is marked at 1 and 3 of each decade, and only at 1 where there are many", () => {
  const written = (range) => logTicks(range).map((at) => Number((10 ** at).toPrecision(3)));
  assert.deepEqual(written([-2, 0]), [0.01, 0.03, 0.1, 0.3, 1]);
  assert.deepEqual(written([-4, 1]), [0.0001, 0.001, 0.01, 0.1, 1, 10]);
  assert.deepEqual(written([-0.6, 0.6]), [0.3, 1, 3]);
});

// -- cards -----------------------------------------------------------------------------

test("a bar grows from the middle to the side of its sign, and the largest fills it", () => {
  assert.deepEqual(bar(2, 4), { left: 50, width: 25 });
  assert.deepEqual(bar(-2, 4), { left: 25, width: 25 });
  assert.deepEqual(bar(-4, 4), { left: 0, width: 50 });
  assert.deepEqual(bar(9, 4), { left: 50, width: 50 });
  assert.equal(bar(0, 0).width, 0);
});

test("each factor of ten in a gradient adds the same to its bar", () => {
  assert.ok(near(filled(10), 1) && filled(1e5) === 1);
  const parts = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1].map(filled);
  for (let at = 1; at < parts.length; at += 1) assert.ok(near(parts[at] - parts[at - 1], 1 / 7));
  assert.deepEqual([0, -1, NaN, null, undefined].map(filled), [0, 0, 0, 0, 0]);
  assert.ok(filled(1e-30) > 0, "a tiny gradient is not none");
});

test("the shares of a row of the confusion matrix add up to 1", () => {
  assert.deepEqual([0, 1, 2].map((at) => share([6, 3, 3], at)), [0.5, 0.25, 0.25]);
  assert.equal(share([0, 0], 1), 0);
});

test("bytes survive their way as base64 text", () => {
  const draw = random(10);
  for (const length of [0, 1, 2, 3, 255, 4096, 4097, 12545]) {
    const given = Uint8Array.from({ length }, () => Math.floor(draw() * 256));
    assert.equal(base64(given), Buffer.from(given).toString("base64"));
    assert.deepEqual(bytes(Buffer.from(given).toString("base64")), given);
  }
});

test("losses are written with six digits, or in powers of ten", () => {
  assert.deepEqual([0.7250684, 0.001, 0.00012346, 0, NaN].map(lossText), ["0.725068", "0.001000", "1.2346e−4", "0", "not a number"]);
});

// -- the clock ---------------------------------------------------------------------------

function clockWith(more = {}) {
  const seen = { asked: [], painted: [], frames: [], now: 0 };
  const clock = new PlayClock({ ask: (seconds) => seen.asked.push(seconds), paint: (moment) => seen.painted.push(moment), now: () => seen.now, frame: (call) => seen.frames.push(call), ...more });
  const frame = () => seen.frames.shift()?.();
  return { clock, seen, frame };
}
const SLOW = { speed: "4", turbo: "turbo" };
const TURBO = { speed: "turbo", turbo: "turbo" };

test("with less motion two pictures a second are painted, and the run loses no time", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, seen } = clockWith({ calm: () => true });
  clock.start();
  clock.receive([1, 2, 3], TURBO);
  assert.deepEqual([seen.painted, seen.frames], [[3], []], "only the newest");
  context.mock.timers.tick(499);
  assert.equal(seen.asked.length, 1);
  seen.now = 500;
  context.mock.timers.tick(1);
  assert.equal(seen.asked[1], 0.5, "half a second is played");
  clock.stop();
});

test("the next tick waits for its time, and for frames that lag behind", () => {
  assert.equal(waitFor("4", "turbo", 0, 0), 250);
  assert.equal(waitFor("4", "turbo", 100, 0), 150);
  assert.equal(waitFor("4", "turbo", 900, 0), 0, "a late answer is not waited for twice");
  for (const speed of ["25", "60", "turbo"]) assert.equal(waitFor(speed, "turbo", 0, 0), 0);
  assert.ok(waitFor("turbo", "turbo", 0, 6) > 0);
});

test("moments are painted one in a frame, in their order, to the last", () => {
  const { clock, seen, frame } = clockWith();
  clock.start();
  clock.receive([1, 2, 3], TURBO);
  assert.deepEqual(seen.painted, []);
  clock.receive([4], TURBO);
  assert.equal(seen.frames.length, 1, "one frame is asked for at a time");
  for (let k = 0; k < 5; k += 1) frame();
  assert.deepEqual(seen.painted, [1, 2, 3, 4]);
  clock.receive(Array.from({ length: 40 }, (_, at) => 100 + at), TURBO);
  while (seen.frames.length) frame();
  assert.equal(seen.painted.at(-1), 139, "the newest is never skipped");
  assert.ok(seen.painted.length <= 4 + 12, "and frames do not pile up");
  clock.stop();
});

test("what comes while nothing plays is shown at once", () => {
  const { clock, seen } = clockWith();
  clock.receive([1, 2], SLOW);
  assert.deepEqual([seen.painted, seen.asked, seen.frames.length], [[2], [], 0]);
});

test("a slow clock asks once for each tick and says how long it was", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { clock, seen } = clockWith();
    clock.start();
    assert.equal(seen.asked.length, 1);
    seen.now = 60;
    clock.receive([1], SLOW);
    clock.receive([2], SLOW);
    mock.timers.tick(189);
    assert.equal(seen.asked.length, 1);
    seen.now = 250;
    mock.timers.tick(1);
    assert.deepEqual(seen.asked.slice(1), [0.25]);
    clock.receive([3], SLOW);
    clock.stop();
    mock.timers.tick(10_000);
    assert.equal(seen.asked.length, 2, "a stopped clock asks no more");
  } finally {
    mock.timers.reset();
  }
});

test("a quick clock asks again with the answer, and a hidden page does not", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { clock, seen } = clockWith();
    clock.start();
    clock.receive([1], TURBO);
    assert.equal(seen.asked.length, 2);
    document.hidden = true;
    clock.receive([2, 3], TURBO);
    assert.equal(seen.asked.length, 2);
    assert.deepEqual(seen.painted, [3]);
    document.hidden = false;
    mock.timers.tick(500);
    assert.equal(seen.asked.length, 3, "it goes on when somebody looks again");
    clock.stop();
  } finally {
    document.hidden = false;
    mock.timers.reset();
  }
});

// -- the decision map ------------------------------------------------------------------

test("a map is one of four kinds", () => {
  assert.deepEqual([mapKind(null, 0), mapKind(null, 2), mapKind(null, 3), mapKind({ name: "unit" }, 3)], ["number", "binary", "classes", "unit"]);
});

test("a place of the plane finds its value: row 0 on top, the rim included", () => {
  const size = 5;
  const centre = (at) => -6 + (12 * (at + 0.5)) / size;
  const values = Float32Array.from({ length: size * size }, (_, at) => at);
  for (let row = 0; row < size; row += 1) for (let column = 0; column < size; column += 1) {
    assert.equal(valueAt(values, size, 6, centre(column), -centre(row)), row * size + column);
  }
  assert.equal(valueAt(values, size, 6, -6, 6), 0);
  assert.equal(valueAt(values, size, 6, 6, -6), 24);
  assert.equal(valueAt(values, size, 6, 99, 99), 4);
});

test("the answer at a place in words, also where there is none", () => {
  const names = ["red", "green", "blue"];
  assert.equal(answerAt(2 + 0.999 * 0.87, "classes", names), "blue, 87 %");
  assert.equal(answerAt(1 + 0.999, "classes", names), "green, 100 %", "full certainty is not the next class");
  assert.equal(answerAt(0.25, "binary", names), "P(green) = 0.25");
  assert.equal(answerAt(-1.5, "number", names), "−1.50");
  for (const kind of ["classes", "binary", "number"]) assert.equal(answerAt(NaN, kind, names), "not a number");
});

test("a class and its certainty come out of one number as they went in", () => {
  for (const classes of [3, 4, 8]) for (let winner = 0; winner < classes; winner += 1) for (let part = 0; part <= 1; part += 0.05) {
    const confidence = 1 / classes + part * (1 - 1 / classes);
    const found = sureness(Math.fround(winner + 0.999 * confidence), classes);
    assert.equal(found.winner, winner);
    assert.ok(near(found.confidence, confidence, 1e-5) && near(found.share, part, 1e-5));
  }
});

test("numbers fall into their colour, and those that are none break nothing", () => {
  assert.deepEqual([-1, 0, 1, -9, 9].map((value) => signedIndex(value, 1)), [0, 128, 255, 0, 255]);
  assert.equal(signedIndex(2, 4), signedIndex(0.5, 1));
  const tables = { signed: Array(256).fill([1, 2, 3]), full: Array(256).fill([4, 5, 6]), page: [0, 0, 0], classes: Array(3).fill([200, 200, 200]) };
  for (const kind of ["classes", "binary", "number", "unit"]) {
    const image = { data: new Uint8ClampedArray(16) };
    colourMap(image, Float32Array.of(NaN, Infinity, -Infinity, 0.5), { kind, classes: 3, largest: 1, tables });
    assert.deepEqual([3, 7, 11, 15].map((at) => image.data[at]), [255, 255, 255, 255], kind);
  }
});

test("colours mix channel by channel", () => {
  assert.deepEqual(mixed([0, 100, 255], [100, 0, 255], 0.25), [25, 75, 255]);
  assert.deepEqual(mixed([1, 2, 3], [9, 9, 9], 0), [1, 2, 3]);
  assert.deepEqual(mixed([1, 2, 3], [9, 9, 9], 1), [9, 9, 9]);
});

test("marks shrink with their number and stay visible", () => {
  for (const width of [200, 340, 460, 900]) {
    const found = [10, 300, 301, 700, 701, 5000].map((count) => markRadius(count, width));
    found.forEach((radius, at) => assert.ok(radius >= 2.2 && radius <= 5.5 && (!at || radius <= found[at - 1])));
  }
  assert.ok(markRadius(100, 340) > markRadius(1000, 340));
});

// -- messages of the network builder ------------------------------------------------------

test("the numbers of one side are its maps, weights, biases and decision, with none left", () => {
  const units = (count, on = () => true) => Array.from({ length: count }, (_, at) => ({ on: on(at) }));
  const side = { size: 4, columns: [{ kind: "input", units: units(5, (at) => at < 3) }, { kind: "hidden", units: units(4) }, { kind: "output", units: units(2) }] };
  const lengths = { maps: 6 * 16, weights: 3 * 4 + 4 * 2, biases: 6, decision: 100 };
  const row = Float32Array.from({ length: Object.values(lengths).reduce((sum, one) => sum + one) }, (_, at) => at);
  const found = sidePieces(row, side, 10);
  assert.deepEqual(Object.fromEntries(Object.entries(found).map(([name, part]) => [name, part.length])), lengths);
  assert.deepEqual(Object.values(found).flatMap((part) => [...part]), [...row]);
});

test("a message is points, maps of the inputs, then a row for each side and moment", () => {
  const side = (inputs, values) => ({ size: 2, values, columns: [{ units: Array(inputs).fill({}) }] });
  const header = { points: 3, sides: [side(2, 5), side(1, 4)], moments: [["a1", "b1"], ["a2", "b2"]] };
  const values = Float32Array.from({ length: 15 + 8 + 4 + 2 * 9 }, (_, at) => at);
  const { points, inputMaps, moments } = cutMoments(header, values);
  assert.deepEqual(inputMaps.map(({ length }) => length), [8, 4]);
  assert.deepEqual(moments.map((row) => row.map(({ reading, row: { length } }) => [reading, length])), [[["a1", 5], ["b1", 4]], [["a2", 5], ["b2", 4]]]);
  assert.deepEqual([points, ...inputMaps, ...moments.flat().map(({ row }) => row)].flatMap((part) => [...part]), [...values]);
});

test("a speed in words", () => {
  assert.equal(speedText("10", "turbo", "epoch"), "10 epochs/s");
  assert.equal(speedText("10", "turbo", "batch"), "10 batches/s");
  assert.equal(speedText("turbo", "turbo", "batch"), "turbo");
});

// -- the pad, the bar, the fields -----------------------------------------------------------

test("a smaller picture has the mean of what it covers, each pixel once", () => {
  assert.deepEqual([...shrunk(Uint8Array.of(0, 100, 10, 10, 200, 100, 10, 10, 0, 0, 255, 255, 0, 0, 255, 255), 4, 2)], [100, 10, 0, 255]);
  assert.ok(shrunk(new Uint8Array(280 * 280).fill(77), 280, 112).every((value) => value === 77));
  for (const at of [0, 1, 2, 2 * 280, 279, 140 * 280 + 139, 280 * 280 - 1]) {
    const ink = new Uint8Array(280 * 280);
    ink[at] = 255;
    const seen = [...shrunk(ink, 280, 112)].filter((value) => value > 0);
    assert.equal(seen.length, 1);
    assert.ok(seen[0] >= Math.round(255 / 9) && seen[0] <= Math.round(255 / 4));
  }
});

test("the main button of a run does what it says", () => {
  const acts = { running: ["Pause", "pause"], starting: ["Pause", "pause"], queued: ["Leave the queue", "stop"], paused: ["Go on", "resume"], interrupted: ["Go on", "resume"], none: ["Train", "start"], finished: ["Train", "start"], failed: ["Train", "start"] };
  for (const [state, wanted] of Object.entries(acts)) assert.deepEqual([face(state).label, face(state).act], wanted, state);
});

function number(value, more = {}) {
  const seen = [];
  const one = editable({ label: "w", change: (next) => seen.push(next), done: () => seen.push("done"), ...more });
  one.update(value);
  const open = () => { press(all(one.root, "button")[0]); return all(one.root, "input")[0]; };
  return { one, seen, open, shown: () => one.root.textContent };
}

test("a number is typed over, with comma and true minus, and kept with Enter", () => {
  const { seen, open, shown } = number(0.5);
  const field = open();
  assert.equal(field.value, "0.5");
  field.value = "−1,25";
  key(field, "Enter");
  assert.deepEqual(seen, [-1.25, "done"]);
  assert.equal(shown(), "−1.25");
});

test("Escape, nonsense and what was there already change nothing", () => {
  for (const [text, end] of [["7", "Escape"], ["abc", "Enter"], ["", "Enter"], ["0.1235", "Enter"]]) {
    const { seen, open, shown } = number(0.123456);
    const field = open();
    field.value = text;
    key(field, end);
    assert.deepEqual(seen, ["done"]);
    assert.equal(shown(), "0.12");
  }
});

test("arrow keys move a number at once, with Shift ten times as far", () => {
  const { one, seen, open } = number(0.2, { step: 0.1 });
  const field = open();
  key(field, "ArrowUp");
  key(field, "ArrowDown", { shiftKey: true });
  one.update(5);
  assert.equal(field.value, "-0.7", "an answer does not write into an open field");
  fire(field, "blur");
  assert.deepEqual(seen, [0.3, -0.7, "done"]);
});
