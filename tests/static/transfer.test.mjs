import assert from "node:assert/strict";
import { test } from "node:test";

import { load, near } from "./browser.mjs";

const { missing } = await load("picture_store.js");
const { nextPiece } = await load("uploads.js");
const { fileSender, patienceFor, slices } = await load("pieces.js");
const { Channel } = await load("channel.js");
const { cameraProblem, middle } = await load("webcam.js");
const { nearestPoint, placed, sizeFor, towards } = await load("transfer_map.js");
const { markSize } = await load("card_reliability.js");
const { countText } = await load("transfer_class.js");

// -- small pictures --------------------------------------------------------------------

test("only what is missing is asked for, each once, and no more than fits", () => {
  const kept = new Map([["a", "x"]]);
  assert.deepEqual(missing(["a", "b", "b", "c"], kept, new Map(), 0), ["b", "c"]);
  assert.deepEqual(missing(["b", "c", "d"], kept, new Map(), 0, 2), ["b", "c"]);
});

test("what was asked for a moment ago is not asked for again, after three seconds it is", () => {
  const asked = new Map([["b", 1000]]);
  assert.deepEqual(missing(["b"], new Map(), asked, 2000), []);
  assert.deepEqual(missing(["b"], new Map(), asked, 4001), ["b"]);
});

// -- files -----------------------------------------------------------------------------

const entry = (size, label = null, sent = 0) => ({ file: { size }, label, sent });

test("small files share a message up to its size, and one class only", () => {
  const queue = [entry(40), entry(50), entry(20)];
  assert.deepEqual(nextPiece(queue, 100).files, queue.slice(0, 2));
  const mixed = [entry(10, "c1"), entry(10, "c2")];
  assert.deepEqual(nextPiece(mixed, 100).files, [mixed[0]]);
  assert.equal(nextPiece([], 100), null);
});

test("a large file goes in pieces that join without a gap, the last one named", () => {
  const large = entry(250);
  const found = [];
  for (let piece = nextPiece([large], 100); ; piece = nextPiece([large], 100)) {
    found.push([piece.from, piece.end, piece.last]);
    large.sent = piece.end;
    if (piece.last) break;
  }
  assert.deepEqual(found, [[0, 100, false], [100, 200, false], [200, 250, true]]);
  assert.deepEqual(slices(250, 100), found);
  assert.deepEqual(slices(0, 100), [[0, 0, true]]);
  assert.deepEqual(slices(100, 100), [[0, 100, true]]);
});

test("a large file does not travel with the small ones before it", () => {
  const queue = [entry(10), entry(500)];
  assert.deepEqual(nextPiece(queue, 100).files, [queue[0]]);
});

// -- camera ----------------------------------------------------------------------------

test("a shot is the square in the middle", () => {
  assert.deepEqual(middle(640, 480), [80, 0, 480]);
  assert.deepEqual(middle(300, 400), [0, 50, 300]);
});

test("a camera that does not work says why and what to do", () => {
  assert.match(cameraProblem({ name: "NotAllowedError" }, true), /Allow it/);
  assert.match(cameraProblem(new TypeError("x"), false), /https or localhost/);
  assert.match(cameraProblem({ name: "Strange" }, true), /Upload photos/);
});

// -- map -------------------------------------------------------------------------------

test("the map fills its box, y goes up, and no axis is stretched to more than twice the other", () => {
  const to = placed([0, 0, 2, 0, 0, 1], 3, 252, 152, 26);
  assert.deepEqual([to([0, 0]), to([2, 0]), to([0, 1])], [[26, 126], [226, 126], [26, 26]]);
  const flat = placed([0, 0, 10, 0, 0, 1], 3, 252, 252, 26);
  const [origin, right, up] = [flat([0, 0]), flat([10, 0]), flat([0, 1])];
  assert.ok(near((origin[1] - up[1]) / ((right[0] - origin[0]) / 10), 2));
});

test("a map of one point, or of none, still has a middle", () => {
  assert.deepEqual(placed([3, 4], 1, 200, 100)([3, 4]), [100, 50]);
  assert.deepEqual(placed([], 0, 200, 100)([0, 0]), [100, 50]);
});

test("more pictures are drawn smaller", () => {
  const sizes = [10, 100, 300, 1000].map(sizeFor);
  assert.deepEqual(sizes, [...sizes].sort((one, other) => other - one));
});

test("the nearest point is found within reach only", () => {
  const points = [{ x: 0, y: 0 }, { x: 30, y: 0 }];
  assert.equal(nearestPoint(points, [20, 0]), 1);
  assert.equal(nearestPoint(points, [100, 0]), null);
});

test("an arrow key goes to the near point in its direction", () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 1 }, { x: 40, y: 0 }, { x: -5, y: 0 }, { x: 0, y: 30 }];
  assert.equal(towards(points, 0, "ArrowRight"), 1);
  assert.equal(towards(points, 1, "ArrowRight"), 2);
  assert.equal(towards(points, 0, "ArrowLeft"), 3);
  assert.equal(towards(points, 0, "ArrowDown"), 4);
  assert.equal(towards(points, 0, "ArrowUp"), null);
  assert.equal(towards(points, 0, "x"), null);
});

// -- cards -----------------------------------------------------------------------------

test("the area of a mark grows with its count", () => {
  assert.equal(markSize(10, 10), 9);
  assert.ok(near(markSize(4, 16), 6));
});

test("a class that is off says so", () => {
  assert.equal(countText(5, true), "5");
  assert.equal(countText(5, false), "5, off");
});

test("a small file that got lost is sent again as soon as any gesture, a large one later", async () => {
  assert.equal(patienceFor(1000, 1000), 1000);
  assert.ok(patienceFor(300_000, 1000) > 4000);
  assert.equal(patienceFor(2_000_000, 1000), 30_000);
  assert.equal(patienceFor(9_000_000, 1000), 30_000);

  const [sent, input] = [[], new EventTarget()];
  const channel = new Channel((message) => sent.push(message), { patience: 10 });
  const sender = fileSender(channel, { type: "weights", input });
  input.files = [new File(["1234"], "small.pt")];
  input.dispatchEvent(new Event("change"));
  await new Promise((done) => setTimeout(done, 60));
  assert.ok(sent.length >= 2, "nobody has answered");
  assert.ok(sent.every(({ token, events: [event] }) => token === sent[0].token && event.data === "MTIzNA=="));
  channel.answered(sent[0].token);
  sender.pump();
  await new Promise((done) => setTimeout(done, 5));
  assert.equal(sender.busy, false);
  assert.deepEqual(sent.at(-1).events, [{ type: "rest" }]);
  assert.equal(channel.patience, 10);
  channel.close();
});
