// The bar under a run: start, pause, stop, how far it is, how fast, and its learning rate.

import { slider } from "./controls.js";
import { element, icon, put } from "./elements.js";
import { plainKey } from "./keys.js";
import { rounded, significant } from "./numbers.js";
import { labelled } from "./rich.js";

/** What the main button does in each state of a run. */
export function face(state) {
  const faces = {
    running: { label: "Pause", glyph: "pause", act: "pause" },
    starting: { label: "Pause", glyph: "pause", act: "pause" },
    queued: { label: "Leave the queue", glyph: "stop", act: "stop" },
    paused: { label: "Go on", glyph: "play", act: "resume" },
    interrupted: { label: "Go on", glyph: "play", act: "resume" },
  };
  return faces[state] ?? { label: "Train", glyph: "play", act: "start" };
}

/** Build the bar; `act(name, value)` is told what is wanted. */
export function runBar({ act, help }) {
  const label = element("span");
  const picture = element("span", { class: "face" });
  let now = face("none");
  const main = element("button", { type: "button", class: "button primary play", onclick: () => act(now.act) }, picture, label, element("kbd", { text: "Space", "aria-hidden": "true" }));
  const stop = element("button", { type: "button", class: "button", onclick: () => act("stop") }, icon("stop", "small"), element("span", { text: "Stop" }));
  const [where, left] = [element("span"), element("span", { class: "number" })];
  const done = element("i");
  const progress = element("div", { class: "progress", role: "progressbar", "aria-label": "Progress", "aria-valuemin": "0", "aria-valuemax": "100" }, element("div", { class: "row" }, where, left), element("span", { class: "rail" }, done));
  const figures = element("div", { class: "figures" });
  const reading = element("b", { class: "number" });
  const name = element("span");
  const rate = slider({
    label: "Learning rate", log: true, left: name, right: reading,
    snap: (value) => rounded(value, 2), nudge: (value, direction, large) => rounded(value * (large ? 2 : 1.1) ** direction, 2),
    oninput: (value) => { reading.textContent = significant(value, 2); act("rate", value); },
    onrelease: () => act("rest"),
    describe: (value) => significant(value, 2),
  });
  name.append(labelled("Learning rate", help));
  const rule = () => element("span", { class: "rule wide-only" });
  const root = element("div", { class: "transport run-bar" }, main, stop, rule(), progress, rule(), figures, rule(), rate.root);
  const onkey = (event) => {
    if (event.key !== " " || !plainKey(event)) return;
    const tag = event.composedPath()[0]?.tagName?.toLowerCase?.();
    if (tag === "button" || tag === "a" || tag === "canvas") return;
    event.preventDefault();
    act(now.act);
  };
  document.addEventListener("keydown", onkey);
  let shown = "";
  return {
    root,
    update({ state, where: text, left: time, share, figures: numbers, rate: value, rates }) {
      now = face(state);
      if (shown !== now.label) {
        shown = now.label;
        label.textContent = now.label;
        picture.replaceChildren(icon(now.glyph));
      }
      stop.disabled = !["running", "starting", "paused"].includes(state);
      put(where, { text });
      put(left, { text: time });
      put(done, { style: `width:${(100 * share).toFixed(1)}%` });
      put(progress, { "aria-valuenow": Math.round(100 * share), "data-state": state });
      const wanted = JSON.stringify(numbers);
      if (figures.__shown !== wanted) {
        figures.__shown = wanted;
        figures.replaceChildren(...numbers.map(([number, unit]) => element("span", {}, element("b", { class: "number", text: number }), element("span", { class: "sub", text: unit }))));
      }
      reading.textContent = significant(value, 2);
      rate.update({ value, minimum: rates[0], maximum: rates[1] });
    },
    destroy: () => document.removeEventListener("keydown", onkey),
  };
}
