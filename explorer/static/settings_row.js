// The row of settings above a stage: data first, what changes the mathematics last.

import { segment, select, stepper } from "./controls.js";
import { button, element, icon, replaced, shape } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { labelled } from "./rich.js";
import { adoptClassColours } from "./series_colours.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("settings_row.css")]);
const BOX = 40;
const ELSEWHERE = "elsewhere"; // A choice that leads to another page.

/** Buttons that show what they stand for: a few points of each set. */
function pictures({ label, pictures: all, onchoose }) {
  const dot = ([x, y, colour]) => shape("circle", { cx: ((x + 1) / 2) * BOX, cy: ((1 - y) / 2) * BOX, r: 1.5, fill: `var(--class-${colour + 1})` });
  const buttons = all.map(({ value, label: name, marks }) =>
    element("button", { type: "button", class: "picture", "data-value": value, title: name, "aria-label": name, "aria-pressed": "false", onclick: () => onchoose(value) },
      marks.length ? shape("svg", { viewBox: `0 0 ${BOX} ${BOX}`, "aria-hidden": "true" }, marks.map(dot)) : icon("plus")));
  const root = element("span", { class: "pictures", role: "group", "aria-label": label }, buttons);
  const update = (value) => buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.value === value)));
  return { root, update };
}

/** What cannot be had here stays visible and says why. */
function absent(made, missing) {
  for (const one of made.root.querySelectorAll("button")) {
    const why = missing[one.dataset.value];
    if (why) { one.classList.add("absent"); one.title = why; }
  }
  return made;
}

function control(field, channel) {
  const send = (value) => channel.send({ type: "set", target: field.name, name: field.name, value, ...(value === ELSEWHERE ? { leaves: true } : {}) });
  if (field.kind === "pictures") return pictures({ ...field, onchoose: send });
  if (field.kind === "choice") return absent(segment({ label: field.label, options: field.options, onchoose: send }), field.missing ?? {});
  if (field.kind === "select") return select({ label: field.label, options: field.options, onchoose: send });
  return stepper({ ...field, onchange: send });
}

function create(root, channel) {
  const bar = element("div", { class: "bar" });
  const more = element("div", { class: "bar more", hidden: true });
  const face = button({ name: "More settings", glyph: "gear", kind: "square toggle", onclick: () => show(more.hidden) });
  const which = element("span", { class: "which", hidden: true });
  root.append(bar, more);
  const controls = new Map();
  let layout = "";

  function show(open) {
    more.hidden = !open;
    face.setAttribute("aria-expanded", String(open));
  }
  function build(fields) {
    controls.clear();
    const boxes = fields.map((field) => {
      const made = control(field, channel);
      controls.set(field.name, made);
      const label = labelled(field.label, field.help);
      return element("div", { class: `field${field.end ? " end" : ""}`, "data-field": field.name, "data-narrow-only": field.narrowOnly }, label, made.root);
    });
    const hidden = boxes.filter((_, index) => fields[index].more);
    replaced(bar, [...boxes.filter((_, index) => !fields[index].more), ...(hidden.length ? [face] : [])]);
    replaced(more, [which, ...hidden]);
    if (hidden.length) show(!more.hidden);
  }
  return {
    update({ fields, side = null }) {
      const wanted = JSON.stringify(fields.map(({ value, enabled, ...rest }) => rest));
      if (wanted !== layout) {
        layout = wanted;
        build(fields);
      }
      adoptClassColours(root);
      which.hidden = side === null;
      which.textContent = side === null ? "" : `For network ${side}`;
      for (const field of fields) controls.get(field.name).update(field.value, field.enabled);
    },
    redraw: () => adoptClassColours(root),
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
