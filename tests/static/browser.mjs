// What the modules need of a browser while they are imported, and the modules themselves.

import { readFileSync, readdirSync } from "node:fs";
import { register } from "node:module";

export const STATIC = new URL("../../explorer/static/", import.meta.url);

register("./loader.mjs", import.meta.url);

export const fetched = [];
globalThis.CSSStyleSheet = class {
  replaceSync(text) {
    this.text = text;
  }
};
globalThis.fetch = async (address) => {
  fetched.push(String(address));
  const text = readFileSync(new URL(address), "utf8");
  return { text: async () => text };
};

export const names = (ending) => readdirSync(STATIC).filter((name) => name.endsWith(ending)).sort();
export const source = (name) => readFileSync(new URL(name, STATIC), "utf8");
export const load = (name) => import(new URL(name, STATIC).href);

/** Random numbers that are the same in every run (mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whether two numbers agree to `digits` digits, relative to the larger of them and 1. */
export function near(found, wanted, slack = 1e-9) {
  return Math.abs(found - wanted) <= slack * Math.max(1, Math.abs(found), Math.abs(wanted));
}
