// The short way of a gesture: which messages take it, and what happens when nobody answers there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";

const { quick, ride } = await load("express.js");
const { Channel } = await load("channel.js");

const LANE = { address: "/explorer-moves/abc", largest: 1000 };
const MOVE = { type: "point", target: 1, moving: true };

test("all gestures take the short way but those that leave or need the whole page", () => {
  for (const events of [[MOVE], [MOVE, { type: "rest" }], [{ type: "set" }], [{ type: "refresh" }]]) assert.equal(quick(events, LANE), true);
  for (const events of [[], [MOVE, { type: "hand_over", leaves: true }], [{ type: "refresh", page: true }]]) assert.equal(quick(events, LANE), false);
  assert.equal(quick([MOVE], undefined), false);
});

test("a message is posted beside the static files, and its answer comes back as bytes", async () => {
  const real = globalThis.fetch;
  const asked = [];
  globalThis.fetch = async (...told) => { asked.push(told); return { ok: true, arrayBuffer: async () => new Uint8Array([1, 2, 3]).buffer }; };
  assert.deepEqual([...(await ride(LANE, { token: "t", events: [MOVE] }))], [1, 2, 3]);
  const [[address, { method, body }]] = asked;
  assert.match(address, /\/explorer-moves\/abc$/);
  assert.equal(method, "POST");
  assert.deepEqual(JSON.parse(body), { token: "t", events: [MOVE] });
  assert.equal(ride(LANE, { token: "t", events: [{ type: "upload", data: "x".repeat(1000) }] }), null, "too large");
  assert.equal(asked.length, 1);
  globalThis.fetch = async () => ({ ok: false, text: async () => "This page is not known any more." });
  await assert.rejects(ride(LANE, { token: "t", events: [MOVE] }), /not known/);
  globalThis.fetch = real;
});

const settled = () => new Promise((done) => setTimeout(done, 5));

test("what is answered the short way is never posted", async () => {
  const posted = [];
  const channel = new Channel((message) => posted.push(message), { express: (message) => Promise.resolve().then(() => channel.answered(message.token)) });
  channel.send(MOVE);
  assert.equal(channel.busy, true);
  await settled();
  assert.equal(channel.busy, false);
  assert.deepEqual(posted, []);
});

test("without an answer there, a message goes the usual way, once", async () => {
  const posted = [];
  const channel = new Channel((message) => posted.push(message), { express: () => Promise.reject(new Error("gone")) });
  channel.send(MOVE);
  await settled();
  assert.equal(posted.length, 1);
  assert.deepEqual(posted[0].events, [MOVE]);
  assert.equal(channel.busy, true);
  channel.answered(posted[0].token);
  assert.equal(channel.busy, false);
});

test("a failure that comes after the answer posts nothing", async () => {
  const posted = [];
  let fail;
  const channel = new Channel((message) => posted.push(message), { express: () => new Promise((_, failed) => { fail = failed; }) });
  channel.send(MOVE);
  channel.answered(channel.waitingFor);
  fail(new Error("late"));
  await settled();
  assert.deepEqual(posted, []);
});

test("messages that may not take it go the usual way at once", () => {
  const posted = [];
  const channel = new Channel((message) => posted.push(message), { express: () => null });
  channel.send({ type: "set" });
  assert.equal(posted.length, 1);
  channel.answered(posted[0].token);
});

test("a hand does not wait for the answer to a look, and the look's answer changes nothing", () => {
  const sent = [];
  const channel = new Channel((message) => sent.push(message), { express: (message) => { sent.push(message); return new Promise(() => {}); } });
  channel.send({ type: "look", moving: true, target: "look" });
  channel.send({ type: "refresh" });
  assert.equal(sent.length, 1, "a look waits for a look");
  channel.send({ type: "reroll" });
  assert.deepEqual(sent[1].events.map((event) => event.type), ["refresh", "reroll"]);
  channel.send({ type: "reroll" });
  assert.equal(sent.length, 2, "a hand waits for a hand");
  channel.answered(sent[0].token);
  assert.equal(channel.busy, true);
  channel.answered(sent[1].token);
  assert.equal(sent.length, 3);
  channel.close();
});

test("nothing overtakes the wish for the whole page", () => {
  const sent = [];
  const channel = new Channel((message) => sent.push(message));
  channel.send({ type: "refresh", page: true });
  channel.send({ type: "reroll" });
  assert.equal(sent.length, 1);
  channel.close();
});
