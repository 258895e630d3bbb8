// One's own picture: chosen, dropped or pasted, and sent to Python as it is.

import { button, element } from "./elements.js";

const CHUNK = 0x8000;
const PIECE = 3_000_000; // bytes in one message

/** Bytes as letters that JSON can carry. */
export function base64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(""));
}

/** Whether a file is an archive, by its name: an archive may be larger than a picture. */
export const isArchive = ({ name = "", type = "" }) => /\.zip$/i.test(name) || /zip/.test(type);

/** The gesture for a file of `size` bytes: its letters, or that it is too large. */
export async function gesture(file, limit) {
  if (file.size > limit) return { type: "too_large", bytes: file.size };
  return { type: "upload", data: base64(new Uint8Array(await file.arrayBuffer())) };
}

/** The gestures for a file in pieces of `piece` bytes, one after the other. */
export async function* piecesOf(file, upload, piece = PIECE) {
  for (let at = 0; at < Math.max(1, file.size); at += piece) {
    const part = new Uint8Array(await file.slice(at, at + piece).arrayBuffer());
    yield { type: "piece", upload, name: file.name, size: file.size, at, data: base64(part), last: at + piece >= file.size };
  }
}

/** A button that asks for a file; `place` takes files that are dropped on it; `sendAll` pieces. */
export function uploadButton(place, { limit, most, send, sendAll }) {
  const input = element("input", { type: "file", accept: "image/*,.zip", class: "visually-hidden", "aria-label": "Your own picture", tabindex: "-1" });
  const face = button({ label: "Your picture", glyph: "plus", kind: "small", title: "Choose a picture, or a ZIP with one folder of pictures for each class; or drop one here", onclick: () => input.click() });
  const take = async (file) => {
    if (!file) return;
    if (isArchive(file) && file.size <= most()) sendAll(piecesOf(file, `${Date.now()}`), file.size);
    else send(await gesture(file, isArchive(file) ? most() : limit()));
  };
  input.addEventListener("change", () => {
    const [file] = input.files;
    take(file);
    input.value = "";
  });
  const over = (on) => (event) => {
    event.preventDefault();
    place.classList.toggle("over", on);
  };
  place.addEventListener("dragover", over(true));
  place.addEventListener("dragleave", over(false));
  place.addEventListener("drop", (event) => {
    over(false)(event);
    take(event.dataTransfer?.files[0]);
  });
  return element("span", { class: "upload" }, face, input);
}
