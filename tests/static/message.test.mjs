import assert from "node:assert/strict";
import { test } from "node:test";

import { load, near, random } from "./browser.mjs";

const { luminance, renewed, unpack } = await load("mount.js");
const { Channel, arrived, enqueue, takeTurn } = await load("channel.js");
const { addressWith, lectureKey } = await load("head.js");
const { letLettersWork, letterKey, lettersWork } = await load("keys.js");

// -- messages from Python --------------------------------------------------------------

function packed(header, values = []) {
  let text = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(text.length + ((4 - (text.length % 4)) % 4)).fill(32);
  padded.set(text);
  const bytes = new Uint8Array(4 + padded.length + 4 * values.length);
  new DataView(bytes.buffer).setUint32(0, padded.length, true);
  bytes.set(padded, 4);
  values.forEach((value, at) => new DataView(bytes.buffer).setFloat32(4 + padded.length + 4 * at, value, true));
  return bytes;
}

for (const header of [{}, { a: 1 }, { a: "ŷ − y", list: [null, 1.5] }, { text: "😀".repeat(7) }]) {
  test(`a message is split: ${JSON.stringify(header)}`, () => {
    const { header: read, values } = unpack(packed(header, [1.5, -2, NaN]));
    assert.deepEqual(read, header);
    assert.deepEqual([...values], [1.5, -2, NaN]);
    assert.deepEqual([...unpack(packed(header)).values], []);
  });
}

test("a message may begin anywhere in memory", () => {
  const message = packed({ a: [1, 2] }, [3, 4, 5]);
  for (let offset = 0; offset < 8; offset += 1) {
    const memory = new Uint8Array(message.length + offset + 3).fill(255);
    memory.set(message, offset);
    const { header, values } = unpack(memory.subarray(offset, offset + message.length));
    assert.deepEqual(header, { a: [1, 2] });
    assert.deepEqual([...values], [3, 4, 5]);
  }
});

test("luminance is that of WCAG", () => {
  const known = { "#ffffff": 1, "#000000": 0, "#ff0000": 0.2126, "#808080": 0.21586, "rgb(255, 255, 255)": 1, "rgb(0, 255, 0)": 0.7152, "rgba(0, 0, 255, 0.5)": 0.0722, " #FFFFFF ": 1 };
  for (const [colour, wanted] of Object.entries(known)) assert.ok(near(luminance(colour), wanted, 1e-4), colour);
  assert.ok(luminance("nothing") > 0.9, "what cannot be read counts as light");
});

// -- gestures to Python ----------------------------------------------------------------

const move = (target, at, type = "point") => ({ type, target, at, moving: true });

test("the newest move of one thing wins, and everything else keeps its place", () => {
  assert.deepEqual(enqueue([move(1, "a")], move(1, "b")), [move(1, "b")]);
  assert.deepEqual(enqueue([move(1, "a")], move(2, "b")), [move(1, "a"), move(2, "b")]);
  assert.deepEqual(enqueue([move(1, "a")], move(1, "b", "line")), [move(1, "a"), move(1, "b", "line")]);
  const tap = { type: "add" };
  assert.deepEqual(enqueue([move(1, "a"), tap], move(1, "b")), [move(1, "a"), tap, move(1, "b")]);
  assert.deepEqual(enqueue([tap], tap), [tap, tap]);
  const queue = [move(1, "a")];
  enqueue(queue, move(1, "b"));
  assert.deepEqual(queue, [move(1, "a")], "a queue that was handed on stays as it was");
});

function channel(patience = 4000) {
  const posted = [];
  const clock = { now: 0 };
  return { posted, clock, channel: new Channel((message) => posted.push(message), { now: () => clock.now, patience }) };
}

test("one message is in flight, and the next carries what came meanwhile", () => {
  const { posted, channel: one } = channel();
  assert.equal(one.busy, false);
  one.send({ type: "step" });
  assert.equal(one.busy, true);
  one.send(move(0, "a"));
  one.send(move(0, "b"));
  one.send({ type: "rest" });
  assert.deepEqual(posted.map(({ events }) => events), [[{ type: "step" }]]);
  one.answered(posted[0].token);
  assert.deepEqual(posted[1].events, [move(0, "b"), { type: "rest" }]);
  assert.equal(one.busy, true);
  one.answered(posted[1].token);
  assert.equal(one.busy, false);
  assert.equal(posted.length, 2);
});

test("an answer holds all that was sent only if nothing was sent behind its message", () => {
  const { posted, channel: one } = channel();
  assert.equal(one.holdsAll(null), true, "nothing was sent");
  one.send(move(0, "a"));
  assert.equal(one.holdsAll(null), false, "this comes from elsewhere");
  assert.equal(one.holdsAll(posted[0].token), true);
  one.send(move(0, "b"));
  assert.equal(one.holdsAll(posted[0].token), false, "the hand has grasped again");
  one.send({ type: "rest" });
  one.answered(posted[0].token);
  assert.equal(one.holdsAll(posted[0].token), false);
  assert.equal(one.holdsAll(posted[1].token), true);
  one.answered(posted[1].token);
  assert.equal(one.holdsAll(null), true);
});

test("an answer to something else does not count", () => {
  const { posted, channel: one } = channel();
  one.send({ type: "step" });
  one.send({ type: "reset" });
  for (const token of [null, undefined, "other:1"]) one.answered(token);
  assert.equal(posted.length, 1);
});

test("a message is waited for as long as the server may know the page", () => {
  const { posted, clock, channel: one } = channel(100);
  one.send({ type: "step" });
  clock.now = 599_000;
  one.send({ type: "tick" });
  assert.equal(posted.length, 1, "sent now, it would take the place of the first one");
  clock.now = 600_000;
  assert.equal(one.busy, false);
  one.send({ type: "reset" });
  assert.deepEqual(posted[1].events, [{ type: "tick" }, { type: "reset" }]);
  one.answered(posted[0].token);
  assert.equal(one.busy, true, "a late answer is not the one that is waited for");
});

test("a network that is gone for long costs no gesture", async () => {
  const done = [];
  const seen = new Set();
  let connected = false;
  const one = new Channel((message) => {
    if (!connected) return;
    if (!seen.has(message.token)) done.push(...message.events);
    seen.add(message.token);
    setTimeout(() => one.answered(message.token), 1);
  }, { patience: 4 });
  one.send({ type: "first" });
  one.send({ type: "second" });
  await new Promise((later) => setTimeout(later, 80)); // Many times the patience.
  one.send({ type: "third" });
  connected = true;
  await new Promise((later) => setTimeout(later, 60));
  assert.deepEqual(done.map(({ type }) => type), ["first", "second", "third"]);
  assert.equal(one.busy, false);
});

test("what a page asks by itself comes less often where answers are slow", () => {
  const { posted, clock, channel: one } = channel();
  assert.equal(one.unhurried(180), 180, "nothing is known yet");
  for (const [took, wait] of [[30, 180], [200, 600], [5000, 2000]]) {
    one.send({ type: "look" });
    clock.now += took;
    one.answered("other:1");
    one.answered(posted[posted.length - 1].token);
    assert.equal(one.unhurried(180), wait);
  }
  assert.equal(one.unhurried(4000), 4000, "it never comes earlier than usual");
});

test("while another page is being opened, only the navigation speaks", async () => {
  const posted = [];
  const all = ["navigation", "stage"].map((name) => new Channel((message) => posted.push([name, ...message.events.map(({ type }) => type)]), { patience: 8 }));
  const [navigation, stage] = all;
  navigation.send({ type: "open", leaves: true });
  stage.send({ type: "tick" });
  await new Promise((later) => setTimeout(later, 20));
  assert.deepEqual(posted, [["navigation", "open"]], "not even a reminder");
  arrived();
  await new Promise((later) => setTimeout(later, 30));
  assert.ok(posted.some(([name, type]) => name === "stage" && type === "tick"), "it comes when the page has stayed");
  all.forEach((one) => one.close());
});

test("where no other page was opened after all, the others go on at once", () => {
  const posted = [];
  const [row, stage] = ["row", "stage"].map((name) => new Channel((message) => posted.push([name, message.token]), { patience: 4000 }));
  row.send({ type: "set", leaves: true });
  row.answered(posted[0][1]);
  stage.send({ type: "tick" });
  assert.deepEqual(posted.map(([name]) => name), ["row", "stage"]);
  [row, stage].forEach((one) => one.close());
});

test("a component that has gone reminds nobody", async () => {
  const posted = [];
  const one = new Channel((message) => posted.push(message), { patience: 5 });
  one.send({ type: "first" });
  one.close();
  await new Promise((later) => setTimeout(later, 30));
  assert.equal(posted.length, 1);
});

test("tokens are never used twice, not even by two channels", () => {
  const tokens = [channel(), channel()].flatMap(({ posted, channel: one }) => {
    for (let k = 0; k < 50; k += 1) {
      one.send({ type: "tick" });
      one.answered(posted[posted.length - 1].token);
    }
    return posted.map(({ token }) => token);
  });
  assert.equal(new Set(tokens).size, 100);
});

test("whatever happens in whatever order, nothing that matters is lost", async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const draw = random(seed);
    const { posted, clock, channel: one } = channel(5000);
    const sent = [];
    for (let k = 0; k < 40; k += 1) {
      clock.now += draw() * 20;
      if (draw() < 0.3 && posted.length) one.answered(posted[posted.length - 1].token);
      const event = draw() < 0.6 ? move(Math.floor(draw() * 2), k) : { type: "tap", at: k };
      sent.push(event);
      one.send(event);
    }
    while (one.busy || one.queue.length) {
      one.answered(posted[posted.length - 1].token);
      if (one.queue.length) await new Promise((done) => setTimeout(done, 22));
    }
    const arrived = posted.flatMap(({ events }) => events);
    assert.deepEqual(arrived.map(({ at }) => at), arrived.map(({ at }) => at).sort((p, q) => p - q));
    assert.deepEqual(arrived.filter(({ type }) => type === "tap"), sent.filter(({ type }) => type === "tap"));
    assert.equal(arrived[arrived.length - 1], sent[sent.length - 1]);
    // A move is left out only where the next gesture moved the same thing farther.
    sent.forEach((event, at) => {
      if (arrived.includes(event)) return;
      assert.equal(sent[at + 1].target, event.target);
      assert.ok(sent[at + 1].moving);
    });
  }
});

// -- the address -----------------------------------------------------------------------

test("the address carries the state and nothing of the old one", () => {
  const query = "data=own&own=1,3;2,5&start=-1,5&path=&rate=0.1";
  assert.equal(addressWith("http://host:8501/linear_regression?noise=abc#x", query, false), `http://host:8501/linear_regression?${query}#x`);
  assert.equal(addressWith("http://host/page", query, true), `http://host/page?${query}&lecture=1`);
  assert.equal(addressWith("http://host/page?a=1", "", false), "http://host/page");
});

test("what is written into the address reads back", () => {
  const wanted = { own: "~eJwz_-=&?#+ %", path: "0.1x3;0.2x4", turn: "330,38", time: "1:2" };
  const read = new URL(addressWith("http://host/", new URLSearchParams(wanted).toString(), false)).searchParams;
  assert.deepEqual(Object.fromEntries(read), wanted);
});

const key = (name, more = {}) => ({ key: name, composedPath: () => [more.target ?? { tagName: "DIV" }], ...more });

test("keys of lecture mode", () => {
  assert.equal(lectureKey(key("l"), false), "toggle");
  assert.equal(lectureKey(key("L"), true), "toggle");
  assert.equal(lectureKey(key("Escape"), true), "leave");
  assert.equal(lectureKey(key("Escape"), false), null);
  assert.equal(lectureKey(key("s"), true), "settings");
  assert.equal(lectureKey(key("s"), false), null);
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(lectureKey(key("l", { [held]: true }), false), null);
  for (const tagName of ["INPUT", "textarea", "Select"]) assert.equal(lectureKey(key("l", { target: { tagName } }), false), null);
  assert.equal(lectureKey(key("l", { target: { tagName: "P", isContentEditable: true } }), false), null);
});

test("letters can be switched off, and this browser remembers it", () => {
  const store = new Map();
  const before = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  const keep = (value) => Object.defineProperty(globalThis, "localStorage", { value, configurable: true, writable: true });
  keep({ getItem: (name) => store.get(name) ?? null, setItem: (name, value) => store.set(name, value), removeItem: (name) => store.delete(name) });
  assert.equal(letterKey(key("N"), "n"), true);
  assert.equal(letterKey(key("m"), "n"), false);
  letLettersWork(false);
  assert.equal(lettersWork(), false);
  assert.equal(letterKey(key("n"), "n"), false);
  assert.equal(lectureKey(key("l"), false), null);
  assert.equal(lectureKey(key("s"), true), null);
  assert.equal(lectureKey(key("Escape"), true), "leave"); // It is no letter, and the way out.
  letLettersWork(true);
  assert.equal(lectureKey(key("l"), false), "toggle");
  keep({ getItem() { throw new Error("blocked"); }, setItem() { throw new Error("blocked"); }, removeItem() { throw new Error("blocked"); } });
  letLettersWork(false);
  assert.equal(lettersWork(), true);
  if (before) Object.defineProperty(globalThis, "localStorage", before);
  else delete globalThis.localStorage;
});

test("components of different fragments take turns", async () => {
  const turns = [];
  for (const name of ["a", "b", "c"]) takeTurn(() => turns.push([name, performance.now()]));
  assert.deepEqual(turns.map(([name]) => name), ["a"], "only one in this turn of the loop");
  await new Promise((done) => setTimeout(done, 60));
  assert.deepEqual(turns.map(([name]) => name), ["a", "b", "c"]);
});

test("a message without an answer is sent again, under the same name", async () => {
  const sent = [];
  const channel = new Channel((message) => sent.push(message), { patience: 10 });
  channel.send({ type: "a" });
  await new Promise((done) => setTimeout(done, 35));
  assert.ok(sent.length >= 2, "it was repeated");
  assert.ok(sent.every((message) => message.token === sent[0].token));
  channel.answered(sent[0].token);
  const count = sent.length;
  await new Promise((done) => setTimeout(done, 30));
  assert.equal(sent.length, count, "after the answer there is nothing to repeat");
});

test("a page that the server has forgotten is opened anew at its address of now, once", () => {
  const went = [];
  const page = { location: { href: "http://here/lesson?run=a", replace: (href) => went.push(href) } };
  assert.equal(renewed(undefined, page), false, "a message of a test has no session");
  assert.equal(renewed("one", page), false);
  assert.equal(renewed("one", page), false);
  assert.equal(renewed("two", page), true);
  assert.equal(renewed("two", page), true, "nothing of the new session is drawn");
  assert.deepEqual(went, ["http://here/lesson?run=a"]);
});
