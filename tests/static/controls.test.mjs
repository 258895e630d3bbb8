import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";
import { fire, key, labelled, press } from "./page.mjs";

const { stepper } = await load("controls.js");

function seed() {
  const asked = [];
  const made = stepper({ label: "Seed", minimum: 0, maximum: 999, step: 1, onchange: (value) => asked.push(value) });
  made.update(7);
  return { ...made, asked, input: labelled(made.root, "Seed") };
}

function type(input, text) {
  input.focus();
  input.value = text;
  fire(input, "input");
}

test("an answer that comes while a number is typed leaves what is typed", () => {
  const { update, input, asked } = seed();
  type(input, "42");
  update(8);
  assert.equal(input.value, "42");
  fire(input, "change");
  assert.deepEqual(asked, [42]);
  update(42);
  assert.equal(input.value, "42");
});

test("what is typed and not given is gone when the field is left", () => {
  const { update, input, asked } = seed();
  type(input, "4");
  update(8);
  type(input, "7"); // as it was at first: for the browser nothing has changed
  fire(input, "blur");
  assert.equal(input.value, "8");
  assert.deepEqual(asked, []);
});

test("what is no number brings the value back, and buttons and arrows show every answer", () => {
  const { root, update, input, asked } = seed();
  type(input, "many");
  fire(input, "change");
  assert.equal(input.value, "7");
  press(labelled(root, "More: Seed"));
  update(8);
  assert.equal(input.value, "8");
  type(input, "5");
  key(input, "ArrowDown");
  update(7);
  assert.equal(input.value, "7");
  assert.deepEqual(asked, [8, 7]);
});
