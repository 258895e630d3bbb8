// One class: its name, its pictures, and what can be done with them.

import { classMark } from "./class_marks.js";
import { button, element, icon, put, shape } from "./elements.js";

const SURE_MS = 4000;
const FEW = 21; // Pictures shown before "all".

/** What stands beside the name of a class. */
export const countText = (count, on) => `${count}${on ? "" : ", off"}`;

/** Build the card of a class; `actions` has `send`, `open(id)`, `files(list, label)`, `pick(id)`. */
export function classCard(id, actions) {
  const { send, pick } = actions;
  const mark = element("span", { class: "class-mark" });
  const name = element("input", { class: "class-name-input", maxlength: "40", spellcheck: "false" });
  const count = element("span", { class: "sub number class-count" });
  const face = element("button", { type: "button", class: "switch", role: "switch", onclick: () => send({ type: "switch_label", label: id, on: face.getAttribute("aria-checked") !== "true" }) }, element("i"));
  const bin = button({ name: "Delete the class", glyph: "trash", kind: "small quiet square danger", onclick: () => remove() });
  const add = button({ name: "Add pictures", glyph: "plus", kind: "small quiet square", onclick: () => actions.toggle(id) });
  const grid = element("div", { class: "samples", role: "group" });
  const more = element("button", { type: "button", class: "more-samples", onclick: () => { all = !all; paint(); } });
  const root = element("li", { class: "class-card", "data-label": id }, element("div", { class: "class-head" }, mark, name, count, face, add, bin), element("div", { class: "samples-row" }, grid, more));
  const made = new Map();
  let now = null;
  let all = false;
  let sure = null;

  name.addEventListener("change", () => send({ type: "rename_label", label: id, name: name.value }));
  name.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") name.blur();
    if (event.key === "Escape") { name.value = now.name; name.blur(); }
  });
  function remove() {
    if (sure !== null || !now.samples.length) {
      calm();
      send({ type: "remove_label", label: id });
      return;
    }
    sure = setTimeout(calm, SURE_MS);
    bin.replaceChildren(element("span", { text: "Delete?" }));
    bin.classList.remove("square");
    bin.setAttribute("aria-label", `Really delete ${now.name} and its pictures? Press again`);
  }
  function calm() {
    clearTimeout(sure);
    sure = null;
    bin.replaceChildren(icon("trash"));
    bin.classList.add("square");
    if (now) bin.setAttribute("aria-label", `Delete ${now.name}`);
  }
  const over = (on) => (event) => {
    event.preventDefault();
    event.stopPropagation();
    root.classList.toggle("over", on);
  };
  root.addEventListener("dragover", over(true));
  root.addEventListener("dragleave", over(false));
  root.addEventListener("drop", (event) => {
    over(false)(event);
    const moved = event.dataTransfer.getData("text/explorer-sample");
    if (moved) send({ type: "move_sample", sample: moved, label: id });
    else if (event.dataTransfer.files.length) actions.files(event.dataTransfer.files, id);
  });

  function thumb(sample) {
    const image = element("img", { alt: "", draggable: "false" });
    const one = element("button", { type: "button", class: "sample", "data-sample": sample, draggable: "true", onclick: () => pick(sample) }, image);
    one.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/explorer-sample", sample);
      event.dataTransfer.effectAllowed = "move";
    });
    return { one, image };
  }
  function paint() {
    const shown = all ? now.samples : now.samples.slice(0, FEW);
    const wanted = new Set(shown);
    for (const [key, { one }] of made) if (!wanted.has(key)) { one.remove(); made.delete(key); }
    shown.forEach((key, index) => {
      if (!made.has(key)) made.set(key, thumb(key));
      const { one, image } = made.get(key);
      if (grid.childNodes[index] !== one) grid.insertBefore(one, grid.childNodes[index] ?? null);
      put(image, { src: now.source(key) });
      const said = now.wrong.get(key);
      put(one, { class: `sample${said ? " wrong" : ""}`, "aria-label": `Picture ${index + 1} of ${now.name}${said ? `, taken for ${said}` : ""}`, title: said ? `Taken for ${said} when it was held back` : null });
    });
    const rest = now.samples.length - FEW;
    put(more, { hidden: rest <= 0, text: all ? "Show fewer" : `Show ${rest} more` });
  }
  return {
    root,
    /** The pictures that this card wants to show. */
    get wanted() { return all ? now.samples : now.samples.slice(0, FEW); },
    update(next) {
      now = next;
      if (name.getRootNode().activeElement !== name && name.value !== next.name) name.value = next.name;
      put(name, { "aria-label": `Name of class ${next.number}` });
      put(count, { text: countText(next.samples.length, next.on), title: `${next.samples.length} pictures` });
      put(face, { "aria-checked": String(next.on), "aria-label": `Use ${next.name}`, title: next.on ? "Leave this class out" : "Use this class again" });
      put(root, { class: `class-card${next.on ? "" : " off"}${next.open ? " open" : ""}` });
      put(add, { "aria-expanded": String(next.open), "aria-label": `Add pictures to ${next.name}`, title: "Add pictures" });
      if (mark.__index !== next.colour) {
        mark.__index = next.colour;
        mark.replaceChildren(shape("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, classMark(next.colour, 8, 8, 6)));
      }
      if (sure === null) bin.setAttribute("aria-label", `Delete ${next.name}`);
      paint();
    },
    destroy: () => clearTimeout(sure),
  };
}
