// The row of settings above a stage: data first, what changes the mathematics last.

import { segment, stepper } from "./controls.js";
import { element } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { labelled } from "./rich.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("settings_row.css")]);

function control(field, channel) {
  const send = (value) => channel.send({ type: "set", target: field.name, name: field.name, value });
  if (field.kind === "choice") return segment({ label: field.label, options: field.options, onchoose: send });
  return stepper({ ...field, onchange: send });
}

function create(root, channel) {
  const bar = element("div", { class: "bar" });
  root.append(bar);
  const controls = new Map();
  let layout = "";

  function build(fields) {
    controls.clear();
    bar.replaceChildren(...fields.map((field) => {
      const made = control(field, channel);
      controls.set(field.name, made);
      const label = labelled(field.label, field.help);
      return element("div", { class: `field${field.end ? " end" : ""}`, "data-field": field.name, "data-narrow-only": field.narrowOnly }, label, made.root);
    }));
  }
  return {
    update({ fields }) {
      const wanted = JSON.stringify(fields.map(({ value, enabled, ...rest }) => rest));
      if (wanted !== layout) {
        layout = wanted;
        build(fields);
      }
      for (const field of fields) controls.get(field.name).update(field.value, field.enabled);
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
