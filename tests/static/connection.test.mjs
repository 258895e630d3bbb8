// What is said while the server does not answer, and how Streamlit's own window goes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./browser.mjs";
import "./page.mjs";

const { broken, closeWindow, lost, renewBroken } = await load("connection.js");

test("a page that has not been connected yet has lost nothing", () => {
  assert.equal(lost(false, "PINGING_SERVER"), false);
  assert.equal(lost(false, "CONNECTED"), false);
});

test("whatever is no connection after one is a loss, as far as Streamlit tells", () => {
  for (const state of ["PINGING_SERVER", "CONNECTING", "DISCONNECTED_FOREVER"]) assert.equal(lost(true, state), true);
  assert.equal(lost(true, "CONNECTED"), false);
  assert.equal(lost(true, null), false);
});

test("a page that has come apart is opened anew, but not in a circle", () => {
  const kept = new Map();
  let opened = 0;
  const page = { sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) }, location: { reload: () => { opened += 1; } } };
  const error = new Error("Cannot set a node at a delta path");
  assert.equal(broken(error), true);
  assert.equal(broken(undefined), false);
  assert.equal(renewBroken(new Error("something else"), page, 100_000), false);
  assert.equal(renewBroken(error, page, 100_000), true);
  assert.equal(renewBroken(error, page, 110_000), false);
  assert.equal(renewBroken(error, page, 140_000), true);
  assert.equal(opened, 2);
});

function dialog(title) {
  const pressed = [];
  return {
    pressed,
    style: {},
    matches: (what) => what === '[data-testid="stDialog"]',
    querySelector: (what) => (what === "h2" ? { textContent: title } : { click: () => pressed.push(what) }),
  };
}

test("only the window on the connection is closed, never one that a person has opened", async () => {
  const connection = dialog("Connection error");
  const own = dialog("Your own points");
  assert.equal(closeWindow(connection), true);
  assert.equal(closeWindow(own), false);
  assert.equal(closeWindow({}), false);
  await new Promise((later) => setTimeout(later, 5));
  assert.equal(connection.pressed.length, 1);
  assert.equal(connection.style.display, "none");
  assert.equal(own.pressed.length, 0);
  assert.equal(own.style.display, undefined);
});
