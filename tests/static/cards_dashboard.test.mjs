import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { load, near, random } from "./browser.mjs";
import { all, channel, fire, key, labelled, press } from "./page.mjs";

const { cellWords, heatCard, ink, mostMistakes, neighbour, shade } = await load("card_heat.js");
const { picturesCard, plain } = await load("card_pictures.js");
const { along, axisStart, classesCard } = await load("card_classes.js");
const { runsCard, spark, sparkFrame, stateText } = await load("card_runs.js");
const { edited, editorCard, innerLayers, layerAt, layersOf, places, usualPlace } = await load("card_editor.js");
const { filtersCard } = await load("card_filters.js");

const LIGHT = ["#f6faf9", "#e2efed", "#cbe2e0", "#aed1d1", "#8dbdc0", "#6aa6ac", "#4a8d96", "#30747f", "#1c5b68", "#0f4552"];
const DARK = ["#151b21", "#17252b", "#1a3037", "#1e3d45", "#244b54", "#2c5b64", "#376d75", "#468087", "#58949a", "#6eaab0"];

/** The contrast of two colours after WCAG 2.1, written out anew. */
function contrast(...colours) {
  const [high, low] = colours.map((hex) => {
    const [red, green, blue] = hex.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }).sort((one, other) => other - one);
  return (high + 0.05) / (low + 0.05);
}

// -- the confusion matrix ----------------------------------------------------------------

test("numbers can be read on every colour of both themes", () => {
  for (const colour of [...LIGHT, ...DARK]) assert.ok(contrast(colour, ink(colour)) >= 4.5, `${colour}: ${contrast(colour, ink(colour))}`);
  const draw = random(1);
  for (let k = 0; k < 500; k += 1) {
    const colour = `#${Math.floor(draw() * 2 ** 24).toString(16).padStart(6, "0")}`;
    assert.ok(contrast(colour, ink(colour)) >= 4.5, colour);
  }
});

test("more mistakes are never paler, one is seen, none is not coloured", () => {
  for (const largest of [1, 2, 11, 400, 60000]) {
    let before = 0;
    for (let count = 1; count <= largest; count += Math.ceil(largest / 97)) {
      const level = shade(count, largest);
      assert.ok(Number.isInteger(level) && level >= 2 && level <= 9 && level >= before);
      before = level;
    }
    assert.equal(shade(0, largest), null);
  }
  assert.equal(shade(11, 11), 8);
  assert.equal(shade(1, 1), 2, "a single mistake is no alarm");
});

test("the darkest cell is the most frequent mistake, not the diagonal", () => {
  assert.equal(mostMistakes([[90, 3], [7, 80]]), 7);
  assert.equal(mostMistakes([[90, 0], [0, 80]]), 0);
});

test("arrow keys walk over the matrix and stop at its rim", () => {
  assert.deepEqual(neighbour("ArrowRight", { row: 0, column: 0 }, 10), { row: 0, column: 1 });
  assert.deepEqual(neighbour("ArrowUp", { row: 0, column: 4 }, 10), { row: 0, column: 4 });
  assert.deepEqual(neighbour("End", { row: 3, column: 4 }, 10), { row: 3, column: 9 });
  assert.deepEqual(neighbour("Home", { row: 3, column: 4 }, 10), { row: 3, column: 0 });
  assert.equal(neighbour("Enter", { row: 3, column: 4 }, 10), null);
});

test("a cell says what it stands for, in plural only where there are several", () => {
  assert.equal(cellWords(["3", "5"], 0, 1, 7), "3 read as 5: 7 pictures");
  assert.equal(cellWords(["3", "5"], 1, 0, 1), "5 read as 3: 1 picture");
  assert.equal(cellWords(["3", "5"], 0, 0, 1214), "3 read as 3: 1,214 pictures");
});

test("a click on a cell chooses it, and Tab leads to one cell only", () => {
  globalThis.theme = { "--st-chart-sequential-colors": LIGHT.join(", ") };
  const line = channel();
  const card = heatCard(line);
  const message = { title: "Confusion", note: "", names: ["a", "b", "c"], counts: [[9, 1, 0], [0, 8, 4], [0, 0, 7]], chosen: { row: 1, column: 2 }, reading: "" };
  card.update(message);
  const cells = all(card.root, "button");
  const stops = () => cells.filter((one) => one.getAttribute("tabindex") === "0").map((one) => one.getAttribute("aria-label"));
  assert.equal(cells.length, 9);
  assert.deepEqual(cells.map((one) => one.textContent), ["9", "1", "", "", "8", "4", "", "", "7"]);
  assert.deepEqual(stops(), ["b read as c: 4 pictures"]);
  assert.match(cells[5].getAttribute("style"), /background:#[0-9a-f]{6};color:#/);
  for (const plainCell of [0, 2, 4]) assert.equal(cells[plainCell].getAttribute("style"), null, "right answers and empty cells have no shade");
  press(cells[1]);
  assert.deepEqual(line.sent, [{ type: "cell", row: 0, column: 1 }]);
  key(cells[1], "ArrowDown");
  assert.equal(document.activeElement, cells[4]);
  assert.deepEqual(stops(), ["b read as b: 8 pictures"]);
  card.update({ ...message, counts: [[9, 1, 0], [3, 8, 4], [0, 0, 7]] });
  assert.equal(all(card.root, "button")[3], cells[3], "the cells stay while numbers change");
  assert.equal(cells[3].textContent, "3");
});

// -- pictures, classes ----------------------------------------------------------------------

test("a picture is described without the marks of its caption", () => {
  assert.equal(plain("**4** read as *x*, `9`"), "4 read as x, 9");
  const card = picturesCard();
  const message = { title: "Worst mistakes", note: "", columns: 4, empty: "No mistakes.", foot: "", pictures: [{ src: "data:,a", caption: "**4** read as **9**", detail: "99.1 %" }, { src: "data:,b", caption: "b", detail: "" }] };
  card.update(message);
  const images = all(card.root, "img");
  assert.deepEqual(images.map((one) => one.getAttribute("alt")), ["4 read as 9, 99.1 %", "b"]);
  card.update({ ...message, pictures: [] });
  assert.equal(all(card.root, "img").length, 0);
  const [empty] = all(card.root, "p");
  assert.ok(!empty.hidden && empty.textContent === "No mistakes.");
});

test("an axis of accuracies holds every interval and begins at a tenth", () => {
  const draw = random(2);
  for (let k = 0; k < 300; k += 1) {
    const rows = Array.from({ length: 1 + Math.floor(draw() * 10) }, () => ({ total: 5, low: draw() ** 0.2 }));
    const start = axisStart(rows);
    const least = Math.min(...rows.map(({ low }) => low));
    assert.ok(start === 0 ? least <= 0.6 : start < least && near(10 * start, Math.round(10 * start)) && start >= 0.5);
    assert.equal(along(1, start), 100);
    assert.ok(near(along((1 + start) / 2, start), 50));
  }
  assert.equal(axisStart([{ total: 9, low: 0.97 }, { total: 9, low: 0.3 }]), 0);
  assert.equal(axisStart([{ total: 9, low: 0.97 }, { total: 0, low: 0 }]), 0.9, "a class without pictures does not count");
  assert.ok(near(axisStart([{ total: 9, low: 0.9 }]), 0.8), "a whisker never begins on the axis");
  assert.equal(axisStart([]), 0);
});

test("a class without pictures has no accuracy", () => {
  const card = classesCard();
  card.update({ title: "By class", note: "", rows: [{ name: "a", right: 1181, total: 1184, share: 0.99747, low: 0.9926, high: 0.9991 }, { name: "b", right: 0, total: 0, share: null, low: 0, high: 1 }] });
  assert.deepEqual(all(card.root, ".class-row").map((one) => one.textContent), ["a99.7 %1,181 of 1,184", "b—no pictures"]);
});

// -- runs ----------------------------------------------------------------------------------

test("small curves share one frame, fall where the loss falls, and leave gaps", () => {
  const rows = [[1, 0.1, 0.01], [0.5, NaN, 0.05, 0.02, 0.01]];
  const frame = sparkFrame(rows);
  assert.ok(near(frame.range[0], -2) && near(frame.range[1], 0) && frame.longest === 5);
  const points = (row) => spark(row, frame).map((piece) => piece.split(" ").map((point) => point.split(",").map(Number)));
  const [[first, second, third]] = points(rows[0]);
  assert.ok(near(second[1] - first[1], third[1] - second[1], 0.02), "a tenth each time is a straight line");
  assert.ok(first[1] < third[1]);
  assert.deepEqual(points(rows[1]).map(({ length }) => length), [1, 3]);
  assert.equal(points(rows[1])[1][2][1], third[1], "equal losses stand at equal heights");
  assert.deepEqual(spark([], frame), []);
});

test("small curves stay in their box, whatever the losses are", () => {
  for (const rows of [[[0.5]], [[0.3, 0.3]], [[NaN, Infinity]], [[0, -1]], [[1e-12, 1e12]], []]) {
    const frame = sparkFrame(rows);
    assert.ok(frame.range[1] > frame.range[0]);
    for (const row of rows) for (const piece of spark(row, frame)) for (const [, x, y] of piece.matchAll(/([\d.-]+),([\d.-]+)/g)) assert.ok(x >= 2 && x <= 54 && y >= 3 && y <= 19, piece);
  }
});

test("the last column says how long it took, or what goes on", () => {
  assert.equal(stateText({ state: "finished", time: "11.8 s", mark: "" }), "11.8 s");
  assert.equal(stateText({ state: "running", time: "3 s", mark: "running" }), "running");
  assert.equal(stateText({ state: "paused", time: "3 s", mark: "" }), "paused");
  assert.equal(stateText({ state: "queued 2nd", time: "", mark: "" }), "queued 2nd");
  assert.equal(stateText({ state: "finished", time: "", mark: "" }), "finished");
});

const run = (id, more = {}) => ({ id, name: `Run ${id}`, state: "finished", mark: "", spark: null, accuracy: "99 %", time: "5 s", shown: false, compared: false, ...more });
function runs(...ids) {
  const line = channel();
  const card = runsCard(line);
  const show = (...list) => card.update({ title: "Runs", note: "", compared: 0, runs: list.map((one) => (typeof one === "string" ? run(one) : one)) }, new Float32Array(0));
  show(...ids);
  return { card, show, sent: line.sent, root: card.root };
}

test("a run is deleted by the second press within four seconds, and by no single one", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { root, sent, show } = runs("a", "b");
    press(labelled(root, "Delete Run a"));
    mock.timers.tick(4001);
    press(labelled(root, "Delete Run a"));
    show("b", "a");
    assert.deepEqual(sent, []);
    mock.timers.tick(3900);
    press(labelled(root, "Really delete Run a? Press again"));
    assert.deepEqual(sent, [{ type: "delete_run", run: "a" }]);
    press(labelled(root, "Delete Run b"));
    fire(labelled(root, "Really delete Run b? Press again"), "focusout", { relatedTarget: null });
    press(labelled(root, "Delete Run b"));
    assert.equal(sent.length, 1, "who leaves the row is asked again");
  } finally {
    mock.timers.reset();
  }
});

test("a run is renamed with Enter, not with Escape, and not to nothing", () => {
  const { root, sent, show } = runs("a", "b");
  const type = (text, end) => {
    press(labelled(root, "Rename Run a"));
    const field = labelled(root, "New name of Run a");
    field.value = text;
    show("b", "a");
    assert.equal(labelled(root, "New name of Run a").value, text, "an update does not take the field away");
    key(field, end);
  };
  type("Best", "Escape");
  type("  ", "Enter");
  type("Run a", "Enter");
  assert.deepEqual(sent, []);
  type(" Best ", "Enter");
  assert.deepEqual(sent, [{ type: "rename_run", run: "a", name: "Best" }]);
});

test("rows follow the order of the runs and keep their elements", () => {
  const { root, show, sent } = runs("a", "b", "c");
  const names = () => all(root, ".run-name").map((one) => one.textContent);
  const [first] = all(root, ".run-name");
  show("c", "a", run("d", { compared: true, shown: true }));
  assert.deepEqual(names(), ["Run c", "Run a", "Run d"]);
  assert.equal(all(root, ".run-name")[1], first);
  press(first);
  fire(labelled(root, "Compare Run d"), "change");
  assert.deepEqual(sent, [{ type: "show_run", run: "a" }, { type: "compare_run", run: "d" }]);
  assert.equal(labelled(root, "Compare Run d").checked, true);
  show();
  assert.match(all(root, "p")[0].textContent, /No runs yet/);
  assert.ok(!all(root, "p")[0].hidden);
});

// -- filters -------------------------------------------------------------------------------

test("the slider goes over the epochs that were kept, and their pictures change", () => {
  const line = channel();
  const card = filtersCard(line);
  const message = { title: "First layer", note: "", epoch: 4, epochs: [0, 1, 4, 8], filters: [{ src: "data:,f" }, { src: "data:,g" }], maps: [{ src: "data:,m" }], picture: { src: "data:,p" }, tabs: [["filters", "Filters"], ["maps", "Feature maps"]], tab: "filters" };
  card.update(message);
  const track = labelled(card.root, "Epoch");
  assert.equal(track.getAttribute("aria-valuetext"), "epoch 4");
  assert.equal(all(card.root, "b")[0].textContent, "4 of 8");
  key(track, "ArrowRight");
  key(track, "Home");
  assert.deepEqual(line.sent, [{ type: "filter_epoch", epoch: 8, moving: true, target: "filter_epoch" }, { type: "rest" }, { type: "filter_epoch", epoch: 0, moving: true, target: "filter_epoch" }, { type: "rest" }]);
  const shown = () => all(card.root, ".filters-grid")[0].childNodes.map((one) => one.childNodes[0].getAttribute("src"));
  assert.deepEqual(shown(), ["data:,f", "data:,g"]);
  assert.ok(all(card.root, ".filters-input")[0].hidden, "filters do not depend on a picture");
  card.update({ ...message, tab: "maps" });
  assert.deepEqual(shown(), ["data:,m"]);
  assert.ok(!all(card.root, ".filters-input")[0].hidden);
});

// -- the layer editor ------------------------------------------------------------------------

const TEXT = "conv 32 3; skip(conv 32 3; skip(bn; relu); bn); relu; linear 10";

test("a text falls apart into its layers, brackets stay together", () => {
  assert.deepEqual(layersOf(TEXT), ["conv 32 3", "skip(conv 32 3; skip(bn; relu); bn)", "relu", "linear 10"]);
  assert.deepEqual(layersOf(" bn ;; relu; "), ["bn", "relu"]);
  assert.deepEqual(layersOf(""), []);
  assert.deepEqual(innerLayers("skip(conv 32 3; skip(bn; relu); bn)"), ["conv 32 3", "skip(bn; relu)", "bn"]);
  assert.equal(innerLayers("relu"), null);
  assert.equal(innerLayers(undefined), null);
});

test("every row has its place, and its place has its layer", () => {
  const rows = [["conv 32 3", 0], ["skip", 0], ["conv 32 3", 1], ["skip", 1], ["bn", 2], ["relu", 2], ["bn", 1], ["relu", 0], ["linear 10", 0]].map(([text, depth]) => ({ text, depth }));
  const found = places(rows);
  assert.deepEqual(found, [[0], [1], [1, 0], [1, 1], [1, 1, 0], [1, 1, 1], [1, 2], [2], [3]]);
  found.forEach((place, index) => assert.ok(layerAt(layersOf(TEXT), place).startsWith(rows[index].text)));
  assert.equal(layerAt(layersOf(TEXT), [4]), undefined);
  assert.equal(layerAt(layersOf(TEXT), [0, 0]), undefined);
});

test("layers are changed, moved, removed and added, and what was given stays as it was", () => {
  const texts = Object.freeze(["conv 16 3", "relu", "linear 10"]);
  assert.deepEqual(edited(texts, { act: "text", place: [1], text: "gelu" }), ["conv 16 3", "gelu", "linear 10"]);
  assert.deepEqual(edited(texts, { act: "text", place: [1], text: "bn; gelu" }), ["conv 16 3", "bn", "gelu", "linear 10"]);
  assert.deepEqual(edited(texts, { act: "up", place: [1] }), ["relu", "conv 16 3", "linear 10"]);
  assert.deepEqual(edited(texts, { act: "down", place: [1] }), ["conv 16 3", "linear 10", "relu"]);
  assert.deepEqual(edited(texts, { act: "remove", place: [0] }), ["relu", "linear 10"]);
  assert.deepEqual(edited(texts, { act: "add", place: [0], text: "bn" }), ["conv 16 3", "bn", "relu", "linear 10"]);
  assert.deepEqual(edited(texts, { act: "add", place: [-1], text: "bn" }), ["bn", ...texts]);
  assert.deepEqual(edited([], { act: "add", place: usualPlace([]), text: "flatten" }), ["flatten"]);
});

test("what cannot be done changes nothing", () => {
  const texts = ["conv 16 3", "linear 10"];
  for (const change of [{ act: "up", place: [0] }, { act: "down", place: [1] }, { act: "remove", place: [5] }, { act: "text", place: [2], text: "bn" }, { act: "remove", place: [0, 0] }]) assert.deepEqual(edited(texts, change), texts);
});

test("layers inside of a skip connection are edited there, at any depth", () => {
  const change = (act, place, text) => edited(layersOf(TEXT), { act, place, text }).join("; ");
  assert.equal(change("up", [1, 2]), "conv 32 3; skip(conv 32 3; bn; skip(bn; relu)); relu; linear 10");
  assert.equal(change("text", [1, 1, 1], "gelu"), "conv 32 3; skip(conv 32 3; skip(bn; gelu); bn); relu; linear 10");
  assert.equal(change("add", [1, 1, 0], "dropout 0.2"), "conv 32 3; skip(conv 32 3; skip(bn; dropout 0.2; relu); bn); relu; linear 10");
  assert.equal(edited(["skip(skip(bn))", "relu"], { act: "remove", place: [0, 0, 0] }).join("; "), "relu", "an empty skip connection goes too");
});

test("moving there and back again, and adding and removing, give the same network", () => {
  const draw = random(4);
  for (let k = 0; k < 300; k += 1) {
    const texts = Array.from({ length: 2 + Math.floor(draw() * 8) }, (_, index) => `conv ${index + 1} 3`);
    const at = Math.floor(draw() * (texts.length - 1));
    const down = edited(texts, { act: "down", place: [at] });
    assert.notDeepEqual(down, texts);
    assert.deepEqual(edited(down, { act: "up", place: [at + 1] }), texts);
    const more = edited(texts, { act: "add", place: [at], text: "bn" });
    assert.equal(more[at + 1], "bn");
    assert.deepEqual(edited(more, { act: "remove", place: [at + 1] }), texts);
  }
});

test("a new layer goes before the linear layer at the end", () => {
  assert.deepEqual(usualPlace(["conv 16 3", "flatten", "linear 10"]), [1]);
  assert.deepEqual(usualPlace(["conv 16 3", "relu"]), [1]);
  assert.deepEqual(usualPlace(["linear 10"]), [-1]);
});

const row = (name, text, depth = 0, more = {}) => ({ name, text, depth, output: "8", parameters: "0", formula: "", multiplyAdds: "0", problem: null, note: null, ...more });
const EDITOR = {
  title: "Layers", note: "", text: "skip(bn; relu); flatten", refused: null, totals: null, choices: [["gelu", "GELU"]],
  rows: [row("skip1", "skip"), row("skip1.bn1", "bn", 1), row("skip1.relu1", "relu", 1), row("flatten1", "flatten"), row("linear1", "linear 10")],
};
function editor(more = {}) {
  const line = channel();
  const card = editorCard(line);
  card.update({ ...EDITOR, ...more });
  return { card, root: card.root, sent: line.sent, type: (name, text, end = "Enter") => {
    const face = labelled(card.root, name);
    press(face);
    const [field] = all(card.root, "input");
    const before = field.value;
    field.value = text;
    key(field, end);
    return before;
  } };
}

test("a layer is edited in its row, a skip connection as a whole", () => {
  const { sent, type, card } = editor();
  assert.equal(type("skip1.bn1: bn", "dropout 0.5"), "bn");
  card.update({ ...EDITOR });
  assert.equal(type("skip1: skip", "skip(relu)"), "skip(bn; relu)");
  assert.deepEqual(sent, [{ type: "spec", text: "skip(dropout 0.5; relu); flatten" }, { type: "spec", text: "skip(relu); flatten" }]);
});

test("a text and a press in one go are both kept, a text with Escape is not", () => {
  const { root, sent, type } = editor();
  type("flatten1: flatten", "gap", "Escape");
  assert.deepEqual(sent, []);
  type("skip1.bn1: bn", "dropout 0.5");
  press(labelled(root, "Move up: flatten1"));
  press(labelled(root, "Remove: skip1"));
  assert.deepEqual(sent.map(({ text }) => text), ["skip(dropout 0.5; relu); flatten", "flatten; skip(dropout 0.5; relu)"], "and rows that stand elsewhere wait for the answer");
});

test("a layer that the page has added cannot be edited; the ends cannot be moved on", () => {
  const { root } = editor();
  const off = (name) => labelled(root, name).disabled;
  assert.deepEqual(["Remove: linear1", "Move down: flatten1", "Move up: skip1", "Move up: skip1.bn1", "Move down: skip1.relu1"].map(off), [true, true, true, true, true]);
  assert.deepEqual(["Remove: flatten1", "Move up: flatten1", "Move down: skip1.bn1", "Remove: skip1.relu1"].map(off), [false, false, false, false]);
});

test("a new layer goes behind the row that was touched last", () => {
  const { root, sent, card } = editor();
  press(labelled(root, "Add gelu"));
  card.update(EDITOR);
  fire(labelled(root, "Remove: skip1.bn1"), "focusin");
  press(labelled(root, "Add gelu"));
  assert.deepEqual(sent.map(({ text }) => text), ["skip(bn; relu); flatten; gelu", "skip(bn; gelu; relu); flatten"]);
});

test("a text that is refused stays in its row beside its reason", () => {
  const { root, card, type } = editor();
  type("flatten1: flatten", "flaten");
  card.update({ ...EDITOR, refused: "Layer 3: \"flaten\" is no layer." });
  assert.equal(labelled(root, "flatten1: flaten").textContent, "flaten");
  const reasons = () => all(root, ".refused").filter((one) => !one.hidden).map((one) => one.textContent);
  assert.deepEqual(reasons(), ["Layer 3: \"flaten\" is no layer."]);
  card.update(EDITOR);
  assert.deepEqual(reasons(), []);
  assert.equal(labelled(root, "flatten1: flatten").textContent, "flatten");
  card.update({ ...EDITOR, rows: EDITOR.rows.with(3, row("flatten1", "flatten", 0, { output: null, problem: "Impossible here." })) });
  assert.deepEqual(reasons(), ["Impossible here."]);
});
