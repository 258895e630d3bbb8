// The back button needs one press for each page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";

const { oneEntryForEachPage, repeats } = await load("one_entry.js");

test("a bare address of the open page is no page of its own", () => {
  const here = "http://host:8501/explorer/network_builder?data=circles&epochs=5#x";
  assert.equal(repeats("/explorer/network_builder", here), true);
  assert.equal(repeats("/explorer/network_builder?data=moons", here), true);
  assert.equal(repeats("/explorer/activations", here), false);
  assert.equal(repeats("/explorer/", here), false);
  assert.equal(repeats(undefined, here), false, "no address, no change of page");
});

test("other entries are pushed as ever, and the wrapper is put on once", () => {
  const pushed = [];
  const page = { location: { href: "http://host/a?x=1" }, history: { pushState: (...given) => pushed.push(given) } };
  oneEntryForEachPage(page);
  oneEntryForEachPage(page);
  page.history.pushState({}, "", "/a");
  page.history.pushState({ s: 1 }, "", "/b?augment=hflip");
  page.history.pushState(null, "", undefined);
  assert.deepEqual(pushed, [[{ s: 1 }, "", "/b?augment=hflip"], [null, "", undefined]]);
});
