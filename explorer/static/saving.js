// Saving a file: one that came inside of the message, or one that the server keeps for a while.

import { element } from "./elements.js";

/** The bytes of a base64 text. */
export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** What tells one made file from another; empty where there is none. */
export const fileKey = (file) => (file ? `${file.filename}:${file.size ?? file.base64.length}:${file.version ?? ""}` : "");

/** Where a served file is, wherever the explorer itself is served. */
export const servedAt = (address) => new URL(`../..${address}`, import.meta.url).href;

function press(href, filename) {
  element("a", { href, download: filename }).click();
}

/** Save a file; false if the server has let it go meanwhile. */
export async function save({ filename, base64, mime, address }) {
  if (address) {
    const there = await fetch(servedAt(address), { method: "HEAD" }).then(({ ok }) => ok, () => false);
    if (there) press(servedAt(address), filename);
    return there;
  }
  const made = URL.createObjectURL(new Blob([bytes(base64)], { type: mime }));
  press(made, filename);
  setTimeout(() => URL.revokeObjectURL(made), 1000);
  return true;
}
