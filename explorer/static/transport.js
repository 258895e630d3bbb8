// The bar under every stage: play, steps, reset, path, and what the page adds to it.

import { button, element, icon } from "./elements.js";
import { plainKey } from "./keys.js";
import { slider } from "./controls.js";
import { labelled } from "./rich.js";

/** What the play button shows in each state of a run. */
export function playFace({ playing, full, diverged }) {
  if (playing) return { label: "Pause", glyph: "pause", disabled: false };
  return { label: "Play", glyph: "play", disabled: Boolean(full || diverged) };
}

/** Keys that drive the bar wherever the focus is, unless a control needs them itself. */
export function transportKey(event) {
  if (!plainKey(event)) return null;
  const target = event.composedPath()[0];
  const tag = target?.tagName?.toLowerCase?.();
  const movable = target?.getAttribute?.("role") === "slider" || target?.closest?.("[data-handle]");
  if (event.key === " ") return tag === "button" || tag === "a" ? null : "play";
  if (movable) return null;
  return { ArrowRight: "step", ArrowLeft: "back", Home: "reset" }[event.key] ?? null;
}

/**
 * Build the bar; `act` has play, step(count), back, reset, rewind(index), rest.
 *
 * `unit` is what the path counts, `between` an element after the steps, `back` adds a button.
 */
export function transport({ counts = [1, 10, 100], act, pathLabel = "Path", unit = "Step", between = null, back = false }) {
  const label = element("span");
  const face = element("span", { class: "face" });
  const play = element("button", { type: "button", class: "button primary play", onclick: act.play }, face, label, element("kbd", { text: "Space", "aria-hidden": "true" }));
  const steps = counts.map((count, position) => button({
    label: position === 0 ? "Step" : `×${count}`, key: position === 0 ? "→" : null,
    name: position === 0 ? "One step" : `${count} steps`, kind: position === 0 ? "" : "wide-only",
    onclick: () => act.step(count),
  }));
  if (back) steps.unshift(button({ name: "One step back", glyph: "back", kind: "square", onclick: act.back }));
  const reset = button({ name: "Back to the start", glyph: "reset", kind: "quiet square", onclick: act.reset });
  const reading = element("b", { class: "number" });
  const pathName = element("span", { text: pathLabel });
  const path = slider({
    label: pathLabel, left: pathName, right: reading,
    snap: Math.round, nudge: (value, direction, large) => value + direction * (large ? 10 : 1),
    oninput: act.rewind, onrelease: act.rest, describe: (value) => `${unit} ${value}`,
  });
  path.root.classList.add("wide-only", "path");
  const rule = () => element("span", { class: "rule wide-only" });
  const extras = element("div", { class: "extras" });
  const root = element("div", { class: "transport" }, play, element("div", { class: "group" }, steps), between, reset, rule(), path.root, rule(), extras);

  const onkey = (event) => {
    const action = transportKey(event);
    if (!action) return;
    event.preventDefault();
    if (action === "play") {
      if (!play.disabled) act.play();
    } else if (action === "step") act.step(1);
    else if (action === "back") act.back();
    else act.reset();
  };
  document.addEventListener("keydown", onkey);

  let shownFace = "";
  const update = ({ playing, full, diverged, index, total, first = 0 }) => {
    const next = playFace({ playing, full, diverged });
    if (shownFace !== next.label) {
      shownFace = next.label;
      label.textContent = next.label;
      face.replaceChildren(icon(next.glyph));
    }
    play.disabled = next.disabled;
    steps.forEach((one, place) => { one.disabled = back && place === 0 ? index <= first : Boolean(full || diverged); });
    reset.classList.toggle("wanted", Boolean(diverged));
    reading.textContent = index < total ? `${unit} ${index} of ${total}` : `${unit} ${index}`;
    path.update({ value: index, minimum: first, maximum: Math.max(first + 1, total) });
    path.track.setAttribute("aria-disabled", String(total === first));
  };
  const explain = (help) => pathName.replaceChildren(labelled(pathLabel, help));
  return { root, extras, update, explain, destroy: () => document.removeEventListener("keydown", onkey) };
}
