// What can be added to a pipeline, by groups, each with the sentence that says what it is for.

import { button, element, icon, put } from "./elements.js";

/** A button with its panel; `add(name)` is called with what was chosen. */
export function addMenu(add) {
  const panel = element("div", { class: "add-panel", role: "dialog", "aria-label": "Add a step", hidden: true, onkeydown: onkey });
  const face = button({ label: "Add step", glyph: "plus", kind: "small", onclick: () => show(panel.hidden) });
  const close = element("button", { type: "button", class: "bin-step", "aria-label": "Close", onclick: () => show(false) }, icon("cross", "small"));
  put(face, { "aria-haspopup": "dialog", "aria-expanded": "false" });
  let layout = "";

  function show(open) {
    panel.hidden = !open;
    face.setAttribute("aria-expanded", String(open));
    if (open) panel.querySelector(".add-item")?.focus();
    else face.focus();
  }
  function onkey(event) {
    const items = [...panel.querySelectorAll(".add-item")];
    const at = items.indexOf(panel.getRootNode().activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") show(false);
    else if (next !== undefined) items[Math.max(0, Math.min(next, items.length - 1))].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const item = ({ name, label, sentence }) => element("button", {
    type: "button", class: "add-item", "data-name": name, onclick: () => { show(false); add(name); },
  }, element("b", { text: label }), element("span", { text: sentence }));
  return {
    face, panel,
    update(groups, full, most) {
      face.disabled = full;
      put(face, { title: full ? `A pipeline has at most ${most} steps.` : "Add a transform" });
      const wanted = JSON.stringify(groups);
      if (wanted === layout) return;
      layout = wanted;
      const parts = groups.map(({ label, items }) => element("section", { "aria-label": label }, element("h4", { text: label }), items.map(item)));
      panel.replaceChildren(element("header", {}, element("h3", { text: "Add a step" }), close), ...parts);
    },
  };
}
