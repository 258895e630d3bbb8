// One's own picture: chosen, dropped or pasted, and sent to Python as it is.

import { button, element } from "./elements.js";

const CHUNK = 0x8000;

/** Bytes as letters that JSON can carry. */
export function base64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(""));
}

/** The gesture for a file of `size` bytes: its letters, or that it is too large. */
export async function gesture(file, limit) {
  if (file.size > limit) return { type: "too_large", bytes: file.size };
  return { type: "upload", data: base64(new Uint8Array(await file.arrayBuffer())) };
}

/** A button that asks for a file; `place` takes files that are dropped on it. */
export function uploadButton(place, { limit, send }) {
  const input = element("input", { type: "file", accept: "image/*", class: "visually-hidden", "aria-label": "Your own picture", tabindex: "-1" });
  const face = button({ label: "Your picture", glyph: "plus", kind: "small", title: "Choose a file, or drop one here", onclick: () => input.click() });
  const take = async (file) => file && send(await gesture(file, limit()));
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
