// Files to take away: each is made on a click, checked, and then saved.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";

/** The bytes of a base64 text. */
export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function save({ filename, base64, mime }) {
  const address = URL.createObjectURL(new Blob([bytes(base64)], { type: mime }));
  element("a", { href: address, download: filename }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** A card with one row for each kind of file. */
export function takeCard(channel) {
  const { root, title, end, body } = cardFrame("take-card");
  const rows = new Map();
  let first = true;

  function makeRow(name) {
    const row = { asked: false, version: null, file: null, label: element("b"), detail: element("span", { class: "sub" }), note: element("p", { class: "sub note-line" }) };
    row.press = button({ label: "Make", glyph: "download", kind: "small", onclick: () => ask(name, row) });
    body.append(element("div", { class: "take-row" }, element("div", {}, row.label, " ", row.detail, row.note), row.press));
    return row;
  }
  function ask(name, row) {
    row.asked = true;
    row.press.disabled = true;
    put(row.press.querySelector("span"), { text: "Making…" });
    channel.send({ type: "export", name });
  }
  return {
    root,
    update(card) {
      title.textContent = card.title;
      end.textContent = "";
      for (const item of card.items) {
        if (!rows.has(item.name)) rows.set(item.name, makeRow(item.name));
        const row = rows.get(item.name);
        put(row.label, { text: item.label });
        put(row.detail, { text: item.detail });
        put(row.note, { text: item.note });
        const fresh = item.file && item.file.version !== row.version;
        if (fresh) {
          row.version = item.file.version;
          if (row.asked) save(item.file);
        }
        if (fresh || (row.asked && !channel.busy) || first) {
          row.asked = false;
          row.press.disabled = false;
          put(row.press.querySelector("span"), { text: item.file ? "Make again" : "Make" });
        }
      }
      first = false;
    },
  };
}
