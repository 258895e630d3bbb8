// One layer in the layer editor: its name, its text as a field, its sizes, and three buttons.

import { element, icon, put } from "./elements.js";

/** Build a row; `act` has whole() for the text to edit, commit(text), up, down, remove, touched. */
export function editorRow(act) {
  const tool = (glyph, call) => element("button", { type: "button", onclick: call }, icon(glyph, "small"));
  const tools = { up: tool("up", act.up), down: tool("chevron", act.down), remove: tool("cross", act.remove) };
  const name = element("th", { scope: "row" });
  const face = element("button", { type: "button", class: "layer-text", onclick: open });
  const holder = element("td", { class: "layer" }, face);
  const [output, parameters, work] = [element("td", { class: "number" }), element("td", { class: "number parameters" }), element("td", { class: "number work" })];
  const [problem, note] = [element("p", { class: "refused", hidden: true }), element("p", { class: "sub", hidden: true })];
  const words = element("tr", { class: "layer-words", hidden: true }, element("td", { colspan: "6" }, problem, note));
  const root = element("tbody", { onfocusin: act.touched }, element("tr", {}, name, holder, output, parameters, work, element("td", { class: "layer-tools" }, Object.values(tools))), words);
  let input = null;
  let tried = null;

  function open() {
    const before = tried ?? act.whole();
    input = element("input", { value: before, spellcheck: "false", autocapitalize: "off", "aria-label": `Text of ${name.title}` });
    const finish = (keep, focus) => {
      if (!input) return;
      const wanted = input.value.trim();
      input = null;
      holder.replaceChildren(face);
      if (keep && wanted && wanted !== before) act.commit(wanted);
      if (focus) face.focus();
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // The focus moves to the text: this key would open it again.
      finish(event.key === "Enter", true);
    });
    input.addEventListener("blur", () => finish(true, false));
    holder.replaceChildren(input);
    input.select();
  }
  return {
    root,
    /** Put the focus on "up", "down", "remove" or the text, as far as it can be pressed. */
    focus(what) {
      const wanted = tools[what];
      (wanted && !wanted.disabled ? wanted : face).focus();
    },
    /** Show a row; `refusal` is `{text, sentence}` of a text that was not taken, or null. */
    update(row, { locked, first, last, chosen, refusal }) {
      tried = refusal?.text ?? null;
      const sentence = refusal?.sentence ?? row.problem;
      put(root, { class: `${sentence ? "impossible" : ""}${chosen ? " chosen" : ""}` });
      put(name, { text: row.name.split(".").pop(), title: row.name, style: `padding-left:${16 * row.depth}px` });
      put(face, { text: tried ?? row.text, title: locked ? "One output for each class; added by itself" : "Click to edit", "aria-label": `${row.name}: ${tried ?? row.text}` });
      face.disabled = locked;
      put(output, { text: row.output ?? "—" });
      put(parameters, { text: row.parameters ?? "—", title: row.formula || null });
      put(work, { text: row.multiplyAdds ?? "—" });
      put(problem, { hidden: !sentence, text: sentence ?? "" });
      put(note, { hidden: !row.note, text: row.note ?? "" });
      put(words, { hidden: !sentence && !row.note });
      Object.entries({ up: [first, "Move up"], down: [last, "Move down"], remove: [false, "Remove"] }).forEach(([key, [off, text]]) => {
        tools[key].disabled = locked || off;
        put(tools[key], { "aria-label": `${text}: ${row.name}`, title: text });
      });
    },
  };
}
