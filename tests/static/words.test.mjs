import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";

const { pieces } = await load("rich.js");
const { highlighted } = await load("card_script.js");
const { playFace, transportKey } = await load("transport.js");
const { arrow } = await load("drag.js");

test("marked-up text in its pieces", () => {
  assert.deepEqual(pieces("a *m* b **bold** `code` [[slope]] [[huber|Huber]]."), [
    { kind: "plain", text: "a " }, { kind: "math", text: "m" }, { kind: "plain", text: " b " }, { kind: "bold", text: "bold" },
    { kind: "plain", text: " " }, { kind: "code", text: "code" }, { kind: "plain", text: " " }, { kind: "term", text: "slope", term: "slope" },
    { kind: "plain", text: " " }, { kind: "term", text: "Huber", term: "huber" }, { kind: "plain", text: "." }]);
  assert.deepEqual(pieces("*ŷ* = −1.00 *x* + 5"), [
    { kind: "math", text: "ŷ" }, { kind: "plain", text: " = −1.00 " }, { kind: "math", text: "x" }, { kind: "plain", text: " + 5" }]);
});

test("text without marks stays whole, and a lone mark is a character", () => {
  for (const text of ["plain", "2 * 3", "a ` b", "[[open", "<b>no HTML</b>", "x < y & z"]) assert.deepEqual(pieces(text), [{ kind: "plain", text }]);
  assert.deepEqual(pieces(""), []);
});

test("a script loses nothing when it is coloured", () => {
  const source = 'import torch  # for in "x"\nfor step in range(3):\n    print("a # b", \'it\\\'s\')\nimportant = format\n';
  const found = highlighted(source);
  assert.equal(found.map(({ text }) => text).join(""), source);
  const of = (kind) => found.filter((piece) => piece.kind === kind).map(({ text }) => text);
  assert.deepEqual(of("comment"), ['# for in "x"']);
  assert.deepEqual(of("text"), ['"a # b"', "'it\\'s'"]);
  assert.deepEqual(of("word"), ["import", "for", "in", "print"]);
  assert.deepEqual(highlighted(""), []);
  assert.deepEqual(highlighted("x = 1"), [{ kind: "plain", text: "x = 1" }]);
});

test("the play button says what it does", () => {
  assert.deepEqual(playFace({ playing: true, full: false, diverged: false }), { label: "Pause", glyph: "pause", disabled: false });
  assert.deepEqual(playFace({ playing: false, full: false, diverged: false }), { label: "Play", glyph: "play", disabled: false });
  for (const end of [{ full: true }, { diverged: true }]) assert.deepEqual(playFace({ playing: false, ...end }), { label: "Play", glyph: "play", disabled: true });
});

function target(tagName, { role = null, handle = false, editable = false } = {}) {
  return { tagName, isContentEditable: editable, getAttribute: (name) => (name === "role" ? role : null), closest: (wanted) => (wanted === "[data-handle]" && handle ? {} : null) };
}
const key = (name, on = target("DIV"), more = {}) => ({ key: name, composedPath: () => [on], ...more });

test("keys drive the bar", () => {
  const wanted = { " ": "play", ArrowRight: "step", ArrowLeft: "back", Home: "reset", ArrowUp: null, a: null, Enter: null };
  for (const [name, action] of Object.entries(wanted)) assert.equal(transportKey(key(name)), action);
});

test("unless what has the focus needs them", () => {
  for (const tag of ["INPUT", "TEXTAREA", "SELECT"]) for (const name of [" ", "ArrowRight", "Home"]) assert.equal(transportKey(key(name, target(tag))), null);
  assert.equal(transportKey(key(" ", target("BUTTON"))), null, "space presses the button");
  assert.equal(transportKey(key("ArrowRight", target("BUTTON"))), "step");
  assert.equal(transportKey(key("ArrowRight", target("DIV", { role: "slider" }))), null);
  assert.equal(transportKey(key("ArrowRight", target("G", { handle: true }))), null);
  assert.equal(transportKey(key(" ", target("G", { handle: true }))), "play");
  assert.equal(transportKey(key(" ", target("P", { editable: true }))), null);
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(transportKey(key("ArrowRight", target("DIV"), { [held]: true })), null);
});

test("arrow keys have a direction, and Shift goes farther", () => {
  assert.deepEqual(arrow({ key: "ArrowLeft", shiftKey: false }), [-1, 0]);
  assert.deepEqual(arrow({ key: "ArrowUp", shiftKey: true }), [0, 10]);
  assert.equal(arrow({ key: "a" }), null);
});
