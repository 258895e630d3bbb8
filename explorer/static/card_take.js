// Files to take away: each is made on a click, checked, and then saved.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";
import { fileKey, save } from "./saving.js";

/** A card with one row for each kind of file. */
export function takeCard(channel) {
  const { root, title, body } = cardFrame("take-card");
  const rows = new Map();

  function makeRow(name) {
    const row = { name, file: null, key: "", asked: null, working: false, label: element("b"), detail: element("span", { class: "sub" }), note: element("p", { class: "sub", role: "status" }) };
    row.press = button({ label: "Make", glyph: "download", kind: "small", onclick: () => (row.file ? fetched(row) : ask(row)) });
    row.anew = button({ name: "Make it again from the network as it is now", glyph: "reset", kind: "small quiet", onclick: () => ask(row) });
    body.append(element("div", { class: "take-row" }, element("div", {}, row.label, " ", row.detail, row.note), row.press, row.anew));
    rows.set(name, row);
    return row;
  }
  function ask(row) {
    row.asked = row.key;
    row.working = true;
    face(row);
    channel.send({ type: "export", name: row.name });
  }
  /** Save a file; one that the server has let go is made again. */
  async function fetched(row) {
    if (!(await save(row.file))) ask(row);
  }
  function face(row) {
    row.press.disabled = row.anew.disabled = row.working;
    row.anew.hidden = !row.file;
    const words = row.working ? "Making…" : row.file ? "Download again" : "Make";
    put(row.press.querySelector("span"), { text: words });
    put(row.press, { "aria-label": `${words} ${row.label.textContent}` });
  }
  /** Show what Python says; a file that was asked for here is saved once when it comes. */
  function show(row, item) {
    put(row.label, { text: item.label });
    put(row.detail, { text: item.detail });
    put(row.note, { text: item.note ?? "", class: `sub${item.state === "failed" ? " failed" : ""}` });
    row.file = item.file;
    row.key = fileKey(item.file);
    row.working = item.state === "working";
    if (row.asked !== null && row.file && row.key !== row.asked) {
      row.asked = null;
      fetched(row);
    }
    face(row);
  }
  return {
    root,
    update(card) {
      put(title, { text: card.title });
      for (const item of card.items) show(rows.get(item.name) ?? makeRow(item.name), item);
    },
  };
}
