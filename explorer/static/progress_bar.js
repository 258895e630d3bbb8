// The bar under everything that is trained: start, pause, stop, how far it is, figures, a slider.

import { element, icon, put } from "./elements.js";
import { plainKey } from "./keys.js";

/** What the main button does in each state of a run; somebody else's is only looked at. */
export function face(state, mine = true) {
  const faces = {
    running: { label: "Pause", glyph: "pause", act: "pause" },
    starting: { label: "Pause", glyph: "pause", act: "pause" },
    queued: { label: "Leave the queue", glyph: "stop", act: "stop" },
    paused: { label: "Go on", glyph: "play", act: "resume" },
    interrupted: { label: "Go on", glyph: "play", act: "resume" },
  };
  return (mine && faces[state]) || { label: "Train", glyph: "play", act: "start" };
}

/** Whether Space starts and pauses here: not where a control or a dialog needs it itself. */
export function spaceStarts(event) {
  const tag = event.composedPath()[0]?.tagName?.toLowerCase?.();
  return event.key === " " && plainKey(event) && !["button", "a", "canvas", "dialog"].includes(tag);
}

/**
 * Build the bar around a slider; `act(name)` is told what is wanted.
 *
 * `kind` is a class of the bar, `stops` the states in which there is something to stop.
 */
export function progressBar({ act, slider, kind = "", stops }) {
  const label = element("span");
  const picture = element("span", { class: "face" });
  let now = face("none");
  const main = element("button", { type: "button", class: "button primary play", onclick: () => act(now.act) }, picture, label, element("kbd", { text: "Space", "aria-hidden": "true" }));
  const stop = element("button", { type: "button", class: "button", onclick: () => act("stop") }, icon("stop", "small"), element("span", { text: "Stop" }));
  const [where, left] = [element("span"), element("span", { class: "number" })];
  const done = element("i");
  const progress = element("div", { class: "progress", role: "progressbar", "aria-label": "Progress", "aria-valuemin": "0", "aria-valuemax": "100" }, element("div", { class: "row" }, where, left), element("span", { class: "rail" }, done));
  const figures = element("div", { class: "figures" });
  const rule = () => element("span", { class: "rule wide-only" });
  const root = element("div", { class: `transport run-bar ${kind}` }, main, stop, rule(), progress, rule(), figures, rule(), slider);
  const onkey = (event) => {
    if (!spaceStarts(event)) return;
    event.preventDefault();
    if (!main.disabled) act(now.act);
  };
  document.addEventListener("keydown", onkey);
  let shown = "";
  return {
    root,
    update({ state, mine = true, enabled = true, where: text, left: time, share, figures: numbers }) {
      now = face(state, mine);
      if (shown !== now.label) {
        shown = now.label;
        label.textContent = now.label;
        picture.replaceChildren(icon(now.glyph));
      }
      main.disabled = !enabled;
      stop.disabled = !mine || !stops.includes(state);
      put(where, { text });
      put(left, { text: time });
      put(done, { style: `width:${(100 * share).toFixed(1)}%` });
      put(progress, { "aria-valuenow": Math.round(100 * share), "data-state": state });
      const wanted = JSON.stringify(numbers);
      if (figures.__shown !== wanted) {
        figures.__shown = wanted;
        figures.replaceChildren(...numbers.map(([number, unit]) => element("span", {}, element("b", { class: "number", text: number }), element("span", { class: "sub", text: unit }))));
      }
    },
    destroy: () => document.removeEventListener("keydown", onkey),
  };
}
