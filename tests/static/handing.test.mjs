import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";
import { all, fire } from "./page.mjs";

const { handingOver } = await load("handing_over.js");
const { face, spaceStarts } = await load("progress_bar.js");

const LINKS = [{ slug: "training_dashboard", label: "Training dashboard", name: "Use it in the training dashboard", text: "hflip;rotation:degrees=15" }];
const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, button: 0 };

test("a plain click takes the pipeline along, any other opens its link", () => {
  const sent = [];
  const ways = handingOver((event) => sent.push(event), "Use it in");
  ways.update(LINKS);
  const [link] = all(ways.root, "a");
  assert.equal(link.getAttribute("href"), "training_dashboard?augment=hflip%3Brotation%3Adegrees%3D15");
  assert.equal(link.getAttribute("aria-label"), "Use it in the training dashboard");
  assert.ok(link.getAttribute("aria-label").toLowerCase().includes(link.textContent.toLowerCase()), "what is seen is part of what is said");
  fire(link, "click", { ...plain, ctrlKey: true });
  assert.deepEqual(sent, []);
  fire(link, "click", plain);
  assert.deepEqual(sent, [{ type: "hand_over", slug: "training_dashboard", leaves: true }]);
});

test("the same links are not built again", () => {
  const ways = handingOver(() => {});
  ways.update(LINKS);
  const [before] = all(ways.root, "a");
  ways.update(structuredClone(LINKS));
  assert.equal(all(ways.root, "a")[0], before);
});

test("Space starts a run, but not where a control needs it", () => {
  const at = (tagName) => ({ key: " ", composedPath: () => [{ tagName, closest: () => null, getAttribute: () => null }], target: { tagName } });
  assert.ok(spaceStarts(at("MAIN")));
  for (const tag of ["BUTTON", "A", "CANVAS", "DIALOG"]) assert.ok(!spaceStarts(at(tag)), tag);
  assert.ok(!spaceStarts({ ...at("MAIN"), key: "x" }));
});

test("a run in a state that nobody knows can be started", () => {
  assert.equal(face("whatever").act, "start");
  assert.equal(face("running").act, "pause");
});

test("beside a run of somebody else one's own is started, whatever that one does", () => {
  for (const state of ["running", "starting", "queued", "paused", "interrupted", "finished"]) {
    assert.equal(face(state, false).act, "start", state);
  }
});
