import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { STATIC, load, near, source } from "./browser.mjs";
import "./page.mjs";

const { outline } = await load("class_marks.js");
const { indexed } = await load("card_unit.js");
const { fileKey, save, servedAt } = await load("saving.js");
const { lossTable } = await load("card_scratch.js");
const { luminance } = await load("mount.js");

// -- the eight markers -------------------------------------------------------------------

const area = (corners) => Math.abs(corners.reduce((sum, [x, y], at) => {
  const [nextX, nextY] = corners[(at + 1) % corners.length];
  return sum + (x * nextY - nextX * y) / 2;
}, 0));
const middle = (corners) => [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);

test("the eight markers are a circle and seven outlines with the corners of their names", () => {
  const corners = Array.from({ length: 8 }, (_, index) => outline(index)?.length ?? 0);
  assert.deepEqual(corners, [0, 3, 4, 4, 12, 3, 12, 6]);
  assert.equal(outline(8), outline(0));
  assert.equal(outline(11), outline(3));
});

test("no marker is much larger or smaller than the circle, and none stands off its place", () => {
  for (let index = 1; index < 8; index += 1) {
    const [x, y] = middle(outline(index));
    assert.ok(area(outline(index)) > 0.5 * Math.PI && area(outline(index)) < 1.15 * Math.PI, `marker ${index}: ${area(outline(index))}`);
    assert.ok(Math.hypot(x, y) < 0.2);
    for (const corner of outline(index)) assert.ok(Math.hypot(...corner) <= 1.5);
  }
});

test("the triangles point up and down, the cross is the plus on its side", () => {
  const top = (corners) => corners.reduce((best, corner) => (corner[1] < best[1] ? corner : best));
  assert.equal(top(outline(1))[0], 0, "y grows downwards: the tip is the only highest corner");
  assert.deepEqual(outline(5).map(([, y]) => y), outline(1).map(([, y]) => -y));
  assert.ok(near(area(outline(6)), area(outline(4))));
  const arms = outline(6).map(([x, y]) => (Math.atan2(y, x) * 180) / Math.PI);
  const straight = outline(4).map(([x, y]) => (Math.atan2(y, x) * 180) / Math.PI);
  arms.forEach((angle, at) => assert.ok(near(((angle - straight[at]) % 360 + 360) % 360, 45)));
});

// -- the confusion matrix ------------------------------------------------------------------

const css = source("cards_network.css");
const theme = readFileSync(new URL("../../.streamlit/config.toml", STATIC), "utf8");
const section = (name) => theme.slice(theme.indexOf(`[theme.${name}]`));
const read = (name, key) => new RegExp(`^${key}\\s*=\\s*"(#\\w{6})"`, "m").exec(section(name))[1];
const mixed = (one, other, part) => `rgb(${[1, 3, 5].map((at) => parseInt(one.slice(at, at + 2), 16) * part + parseInt(other.slice(at, at + 2), 16) * (1 - part)).join(", ")})`;

for (const [name, rule] of [["light", /^\.confusion \{.*--shade: (#\w{6})/m], ["dark", /^\.root\[data-dark\] \.confusion \{.*--shade: (#\w{6})/m]]) {
  test(`the counts can be read on every shade, ${name}`, () => {
    const [, shade] = rule.exec(css);
    const text = luminance(read(name, "textColor"));
    const found = [];
    for (let part = 0; part <= 1; part += 0.05) {
      const cell = luminance(mixed(shade, read(name, "secondaryBackgroundColor"), part));
      const [low, high] = [Math.min(text, cell), Math.max(text, cell)];
      assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `${name} at ${part.toFixed(2)}`);
      found.push(cell);
    }
    const steps = found.slice(1).map((cell, at) => Math.sign(cell - found[at]));
    assert.equal(new Set(steps).size, 1, "more of the row is always darker, or always lighter");
  });
}

// -- names, files, numbers -----------------------------------------------------------------

test("the index of a weight is split off its letter", () => {
  assert.deepEqual(indexed("w₁"), { letter: "w", index: "1" });
  assert.deepEqual(indexed("w₁₆"), { letter: "w", index: "16" });
  assert.deepEqual(indexed("b"), { letter: "b", index: "" });
  assert.deepEqual(indexed("w₂₀"), { letter: "w", index: "20" });
});

test("a file that was made again is another file, even with the same bytes", () => {
  const file = { filename: "network.onnx", base64: "AAAA", version: 1 };
  assert.equal(fileKey(null), "");
  assert.equal(fileKey(file), fileKey({ ...file }));
  for (const other of [{ version: 2 }, { base64: "AAAAAAAA" }, { filename: "network.safetensors" }]) {
    assert.notEqual(fileKey(file), fileKey({ ...file, ...other }));
  }
});

test("what the course prints has a column only where there is any", () => {
  const rows = [{ epoch: 0, course: null, numpy: 0.28319, torch: 0.28319 }, { epoch: 10_000, course: null, numpy: 2.7393e-4, torch: 2.7393e-4 }];
  assert.deepEqual(lossTable(rows), [["epoch", "NumPy", "PyTorch"], [["0", "0.283190", "0.283190"], ["10,000", "2.7393e−4", "2.7393e−4"]]]);
  const [heads, lines] = lossTable([rows[0], { ...rows[1], course: "0.0003" }]);
  assert.deepEqual(heads, ["epoch", "course prints", "NumPy", "PyTorch"]);
  assert.deepEqual(lines.map((line) => line[1]), ["", "0.0003"]);
});

test("a served file is fetched from below the explorer, wherever that is", async () => {
  assert.ok(servedAt("/explorer-files/a/b").endsWith("/explorer-files/a/b"));
  const asked = [];
  globalThis.fetch = async (address, { method }) => { asked.push([new URL(address).pathname.slice(-19), method]); return { ok: asked.length === 1 }; };
  const pressed = [];
  const made = document.createElement;
  document.createElement = (tag) => Object.assign(made(tag), { click() { pressed.push(this.getAttribute("download")); } });
  const file = { filename: "network.pt", size: 200_000, version: 3, address: "/explorer-files/a/b" };
  assert.equal(await save(file), true);
  assert.equal(await save(file), false, "the server has let it go");
  document.createElement = made;
  assert.deepEqual(asked, [["/explorer-files/a/b", "HEAD"], ["/explorer-files/a/b", "HEAD"]]);
  assert.deepEqual(pressed, ["network.pt"]);
});
