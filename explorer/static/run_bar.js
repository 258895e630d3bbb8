// The bar under a run: its progress, and its learning rate to drag while it trains.

import { slider } from "./controls.js";
import { element } from "./elements.js";
import { rounded, significant } from "./numbers.js";
import { progressBar } from "./progress_bar.js";
import { labelled } from "./rich.js";

const STOPS = ["running", "starting", "paused"];

/** Build the bar; `act(name, value)` is told what is wanted. */
export function runBar({ act, help }) {
  const reading = element("b", { class: "number" });
  const rate = slider({
    label: "Learning rate", log: true, left: element("span", {}, labelled("Learning rate", help)), right: reading,
    snap: (value) => rounded(value, 2), nudge: (value, direction, large) => rounded(value * (large ? 2 : 1.1) ** direction, 2),
    oninput: (value) => { reading.textContent = significant(value, 2); act("rate", value); },
    onrelease: () => act("rest"),
    describe: (value) => significant(value, 2),
  });
  const bar = progressBar({ act, slider: rate.root, stops: STOPS });
  return {
    ...bar,
    update(run) {
      bar.update(run);
      reading.textContent = significant(run.rate, 2);
      rate.update({ value: run.rate, minimum: run.rates[0], maximum: run.rates[1] });
    },
  };
}
