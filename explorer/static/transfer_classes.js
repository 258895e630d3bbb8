// The classes: collected by drawing, upload or camera, sorted by hand.

import { button, element, put } from "./elements.js";
import { classCard } from "./transfer_class.js";
import { inputWell } from "./transfer_well.js";

/** Build the pane's parts: `{tools, root, update(header, store)}`. */
export function classesPane({ send, files, pick, busy }) {
  const list = element("ul", { class: "class-list" });
  const refused = element("div", { class: "refused-files", role: "alert", hidden: true });
  const progress = element("p", { class: "sub number", role: "status", hidden: true });
  const add = button({ label: "Add class", glyph: "plus", kind: "small", onclick: () => send({ type: "add_label" }) });
  const undo = button({ label: "Undo", glyph: "undo", kind: "small quiet", onclick: () => send({ type: "undo" }) });
  const well = inputWell({ send: (event) => send({ ...event, label: opened }), files: (all) => files(all, opened), busy });
  const empty = element("p", { class: "sub", text: "No classes yet. Add one, drop pictures or a ZIP here, or choose a set above." });
  const root = element("div", { class: "classes" }, refused, progress, empty, list);
  const cards = new Map();
  let opened = null;
  let last = null;
  let shownRefusals = "";

  function toggle(id) {
    opened = opened === id ? null : id;
    if (opened === null) well.close();
    if (last) update(...last);
    if (opened !== null) {
      if (well.way === null) well.choose("draw");
      well.root.scrollIntoView({ block: "nearest" });
    }
  }
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) files(event.dataTransfer.files, null);
  });
  function showRefused(rows) {
    const key = JSON.stringify(rows);
    if (key === shownRefusals) return;
    shownRefusals = key;
    refused.hidden = !rows.length;
    refused.replaceChildren(
      element("ul", {}, rows.map(([name, why]) => element("li", {}, element("b", { text: name }), ` ${why}`))),
      button({ name: "Close", glyph: "cross", kind: "small quiet square", onclick: () => send({ type: "refusals_read" }) }));
  }
  function update(header, store) {
    last = [header, store];
    const wanted = new Set(header.classes.map(({ id }) => id));
    for (const [id, card] of cards) if (!wanted.has(id)) { card.destroy(); card.root.remove(); cards.delete(id); }
    if (opened !== null && !wanted.has(opened)) { opened = null; well.close(); }
    const wrong = new Map(Object.entries(header.wrong));
    header.classes.forEach((one, index) => {
      if (!cards.has(one.id)) cards.set(one.id, classCard(one.id, { send, files, pick, toggle }));
      const card = cards.get(one.id);
      if (list.childNodes[index] !== card.root) list.insertBefore(card.root, list.childNodes[index] ?? null);
      card.update({ ...one, number: index + 1, open: one.id === opened, wrong, source: store.source });
      if (one.id === opened && well.root.parentNode !== card.root) card.root.append(well.root);
    });
    if (opened === null) well.root.remove();
    showRefused(header.refused);
    put(add, { "aria-label": "Add a class", disabled: header.full });
    undo.disabled = !header.undo;
    put(empty, { hidden: header.classes.length > 0 });
  }
  return {
    root,
    tools: element("span", { class: "class-tools" }, undo, add),
    update,
    /** The pictures that are shown or soon will be. */
    wanted: () => [...cards.values()].flatMap((card) => card.wanted),
    progress(done, total) {
      put(progress, { hidden: total === 0 || done === total, text: `${done} of ${total} files sent` });
    },
    destroy() {
      well.destroy();
      cards.forEach((card) => card.destroy());
    },
  };
}
