// One step of a pipeline: grip, switch, name, settings that are live, and what is wrong with it.

import { button, element, icon, put, shape } from "./elements.js";
import { controlRow } from "./live_controls.js";
import { helpButton } from "./rich.js";

/** A gesture of a control of the step at `index`, as Python takes it. */
export function relayed(event, index) {
  if (event.type !== "set") return event;
  const { name, value, moving } = event;
  return { type: "value", at: index, name, value, moving, target: `${index}.${name}` };
}

function grip() {
  const dots = [[9, 6], [15, 6], [9, 12], [15, 12], [9, 18], [15, 18]].map(([cx, cy]) => shape("circle", { class: "solid", cx, cy, r: 1.6 }));
  return shape("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, dots);
}

/** Build the row at `index`; `act(type, event)` takes its gestures. */
export function stepRow(index, { send, shift }) {
  const handle = element("button", { type: "button", class: "grip", onkeydown: onkey, title: "Drag, or press the arrow keys" }, grip());
  const toggle = element("button", { type: "button", class: "switch", role: "switch", onclick: () => send({ type: "switch", at: index, on: toggle.getAttribute("aria-checked") !== "true" }) }, element("i"));
  const [label, code] = [element("b"), element("code")];
  const name = element("button", { type: "button", class: "step-name", onclick: open }, label, code);
  const flag = element("span", { class: "flag" });
  const bin = element("button", { type: "button", class: "bin-step", onclick: () => send({ type: "remove", at: index }) }, icon("cross", "small"));
  const words = element("p", { class: "step-words", role: "alert" });
  const sentence = element("p", { class: "sub" });
  const controls = controlRow({ send: (event) => send(relayed(event, index)) });
  // For those who can press but not drag.
  const [up, down] = [["up", -1], ["chevron", 1]].map(([glyph, by]) => button({ name: "Move", glyph, kind: "small quiet square", onclick: () => shift(index, index + by) }));
  const body = element("div", { class: "step-body", id: `step-${index}` }, element("div", { class: "step-about" }, sentence, up, down), controls.root);
  const root = element("li", { class: "step" }, element("div", { class: "step-head" }, handle, toggle, name, flag, bin), words, body);
  let warned = null;
  let opened = false;

  function open() {
    send({ type: "open", at: opened ? -1 : index });
  }
  function onkey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    shift(index, index + by);
  }
  return {
    root, handle,
    update(step, { count, isOpen }) {
      opened = isOpen;
      put(root, { class: `step${step.on ? "" : " off"}${step.problem ? " impossible" : ""}${isOpen ? " open" : ""}` });
      put(handle, { "aria-label": `Move ${step.label}, step ${index + 1} of ${count}` });
      put(toggle, { "aria-checked": String(step.on), "aria-label": `${step.label} is used`, title: step.on ? "Switch off" : "Switch on" });
      put(label, { text: step.label });
      put(code, { text: step.code });
      put(name, { "aria-expanded": String(isOpen), "aria-controls": `step-${index}`, title: step.code });
      [up.disabled, down.disabled] = [index === 0, index === count - 1];
      for (const [one, way] of [[up, "up"], [down, "down"]]) put(one, { "aria-label": `Move ${step.label} ${way}`, title: `Move ${way}` });
      put(bin, { "aria-label": `Remove ${step.label}`, title: `Remove ${step.label}` });
      if (warned !== step.warned) {
        warned = step.warned;
        flag.replaceChildren(...(warned ? [helpButton(warned, `the label after ${step.label}`)] : []));
      }
      const said = step.problem || step.note;
      put(words, { text: said, hidden: !said, class: `step-words${step.problem ? " refused" : ""}` });
      put(sentence, { text: step.sentence });
      put(body, { hidden: !isOpen });
      controls.update(step.fields);
    },
  };
}
