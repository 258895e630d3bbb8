// The bar under the pictures: how far and how good it is, and when to say "none of these".

import { slider } from "./controls.js";
import { element } from "./elements.js";
import { progressBar } from "./progress_bar.js";
import { labelled } from "./rich.js";

const STOPS = ["running", "starting", "paused", "queued", "embedding"];

/** Build the bar; `act(name, value)` is told what is wanted. */
export function transferBar({ act }) {
  const reading = element("b", { class: "number" });
  const name = element("span");
  const strict = slider({
    label: "None of these", left: name, right: reading,
    snap: (value) => Math.round(value), nudge: (value, direction, large) => value + direction * (large ? 5 : 1),
    oninput: (value) => { reading.textContent = `${value} %`; act("strict", value); },
    onrelease: () => act("rest"),
    describe: (value) => `${value} % of own pictures accepted`,
  });
  const bar = progressBar({ act, slider: strict.root, kind: "transfer-bar", stops: STOPS });
  return {
    ...bar,
    update(now) {
      if (!name.firstChild) name.append(labelled("“None of these” keeps", now.help));
      bar.update(now);
      reading.textContent = `${now.strict} %`;
      strict.update({ value: now.strict, minimum: now.limits[0], maximum: now.limits[1] });
    },
  };
}
