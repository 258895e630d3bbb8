import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";
import { channel, labelled, press } from "./page.mjs";

const { element, replaced } = await load("elements.js");
const { turned } = await load("regression_surface.js");
const { questionCard } = await load("card_question.js");

const buttons = (...names) => names.map((text) => element("button", { text, "aria-label": text }));

test("the focus stays on the control of the same name when controls are drawn anew", () => {
  const holder = element("div", {}, buttons("One", "Two", "Three"));
  labelled(holder, "Two").focus();
  assert.equal(replaced(holder, buttons("Zero", "Two")), true);
  assert.equal(document.activeElement, labelled(holder, "Two"));
});

test("or on the one in its place, or on none and says so", () => {
  const holder = element("div", {}, buttons("One", "Two", "Three"));
  labelled(holder, "Three").focus();
  assert.equal(replaced(holder, buttons("Four", "Five")), true);
  assert.equal(document.activeElement, labelled(holder, "Five"));
  assert.equal(replaced(holder, []), false);
});

test("a focus elsewhere is left alone", () => {
  const [holder, other] = [element("div", {}, buttons("One")), element("button", {})];
  other.focus();
  assert.equal(replaced(holder, buttons("One")), true);
  assert.equal(document.activeElement, other);
});

test("a question is answered and followed by the next one without losing the focus", () => {
  const one = channel();
  const card = questionCard(one);
  const asked = { kind: "question", number: 1, total: 2, text: "Which?", options: ["This", "That"], chosen: null, answered: false, action: "See" };
  card.update(asked, null, {});
  const option = (text) => card.root.querySelectorAll(".option").find((found) => found.textContent.includes(text));
  option("That").focus();
  press(option("That"));
  card.update({ ...asked, chosen: 1 }, null, {});
  assert.equal(document.activeElement, option("That"));
  const see = labelled(card.root, "See");
  see.focus();
  press(see);
  card.update({ ...asked, chosen: 1, answered: true, right: 1, explanation: "So." }, null, {});
  assert.equal(document.activeElement, labelled(card.root, "Next question"));
  card.update({ ...asked, number: 2, text: "And now?" }, null, {});
  assert.equal(document.activeElement, option("This"));
  assert.deepEqual(one.sent.map(({ type }) => type), ["choose", "reveal"]);
});

test("the relief turns once around and is never seen from below", () => {
  assert.deepEqual(turned([350, 40], 20, 0), [10, 40]);
  assert.deepEqual(turned([5, 40], -10, 100), [355, 85]);
  assert.deepEqual(turned([5, 40], 0, -100), [5, 8]);
});
