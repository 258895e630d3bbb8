// The bar under the pictures: train, how far it is, how good it is, and when to say "none of these".

import { slider } from "./controls.js";
import { element, icon, put } from "./elements.js";
import { plainKey } from "./keys.js";
import { labelled } from "./rich.js";
import { face } from "./run_bar.js";

/** Build the bar; `act(name, value)` is told what is wanted. */
export function transferBar({ act }) {
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
  const strict = slider({
    label: "None of these", left: name, right: reading,
    snap: (value) => Math.round(value), nudge: (value, direction, large) => value + direction * (large ? 5 : 1),
    oninput: (value) => { reading.textContent = `${value} %`; act("strict", value); },
    onrelease: () => act("rest"),
    describe: (value) => `${value} % of own pictures accepted`,
  });
  const rule = () => element("span", { class: "rule wide-only" });
  const root = element("div", { class: "transport run-bar transfer-bar" }, main, stop, rule(), progress, rule(), figures, rule(), strict.root);
  const onkey = (event) => {
    if (event.key !== " " || !plainKey(event)) return;
    const tag = event.composedPath()[0]?.tagName?.toLowerCase?.();
    if (["button", "a", "canvas", "dialog"].includes(tag)) return;
    event.preventDefault();
    act(now.act);
  };
  document.addEventListener("keydown", onkey);
  let shown = "";
  let explained = false;
  return {
    root,
    update({ state, enabled, where: text, left: time, share, figures: numbers, strict: value, limits, help }) {
      if (!explained) {
        explained = true;
        name.append(labelled("“None of these” keeps", help));
      }
      now = face(state);
      if (shown !== now.label) {
        shown = now.label;
        label.textContent = now.label;
        picture.replaceChildren(icon(now.glyph));
      }
      main.disabled = !enabled;
      stop.hidden = !["running", "starting", "paused", "queued", "embedding"].includes(state);
      put(where, { text });
      put(left, { text: time });
      put(done, { style: `width:${(100 * share).toFixed(1)}%` });
      put(progress, { "aria-valuenow": Math.round(100 * share), "data-state": state });
      const wanted = JSON.stringify(numbers);
      if (figures.__shown !== wanted) {
        figures.__shown = wanted;
        figures.replaceChildren(...numbers.map(([number, unit]) => element("span", {}, element("b", { class: "number", text: number }), element("span", { class: "sub", text: unit }))));
      }
      reading.textContent = `${value} %`;
      strict.update({ value, minimum: limits[0], maximum: limits[1] });
    },
    destroy: () => document.removeEventListener("keydown", onkey),
  };
}
