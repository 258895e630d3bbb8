// Controls declared by Python, live while they are dragged: sliders, segments, steppers.

import { segment, select, slider, stepper } from "./controls.js";
import { element } from "./elements.js";
import { rounded, significant } from "./numbers.js";
import { labelled } from "./rich.js";

/** A value snapped to the step of its control, or to two digits on a log track. */
export function snapped(value, { step, log, minimum }) {
  if (log) return rounded(value, 2);
  const steps = Math.round((value - minimum) / step);
  return Number((minimum + steps * step).toFixed(6));
}

function liveSlider(field, send, release) {
  const reading = element("b", { class: "number" });
  const made = slider({
    label: field.label, log: field.log, left: labelled(field.label, field.help), right: reading,
    snap: (value) => snapped(value, field),
    nudge: (value, direction, large) => (field.log ? rounded(value * (large ? 2 : 1.1) ** direction, 2) : snapped(value + direction * field.step * (large ? 10 : 1), field)),
    oninput: (value) => { reading.textContent = significant(value, 3); send(value, true); },
    onrelease: release,
    describe: (value) => significant(value, 3),
  });
  return {
    root: made.root,
    update: ({ value, minimum, maximum, mark }) => {
      reading.textContent = significant(value, 3);
      made.update({ value, minimum, maximum, marked: mark ?? NaN });
    },
  };
}

function titled(field, inner) {
  return { root: element("div", { class: "field" }, labelled(field.label, field.help), inner.root), update: ({ value, enabled }) => inner.update(value, enabled) };
}

/** One control for a declared field; `send(value, moving)` and `release()` report it. */
export function liveControl(field, send, release) {
  if (field.kind === "slider") return liveSlider(field, send, release);
  if (field.kind === "choice") return titled(field, segment({ label: field.label, options: field.options, onchoose: send }));
  if (field.kind === "select") return titled(field, select({ label: field.label, options: field.options, onchoose: send }));
  return titled(field, stepper({ ...field, onchange: send }));
}

/** A row of declared controls that is built anew only when its declaration changes. */
export function controlRow(channel) {
  const root = element("div", { class: "controls" });
  const made = new Map();
  let layout = "";
  return {
    root,
    update(fields) {
      const wanted = JSON.stringify(fields.map(({ value, mark, enabled, ...rest }) => rest));
      if (wanted !== layout) {
        layout = wanted;
        made.clear();
        root.replaceChildren(...fields.map((field) => {
          const send = (value, moving = false) => channel.send({ type: "set", target: field.name, name: field.name, value, moving });
          const one = liveControl(field, send, () => channel.send({ type: "rest" }));
          made.set(field.name, one);
          return one.root;
        }));
      }
      for (const field of fields) made.get(field.name).update(field);
    },
  };
}
