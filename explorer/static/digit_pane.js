// Draw a digit: the pad, what the network sees of it, and how sure it is of what.

import { drawingPad } from "./drawing_pad.js";
import { button, element, put } from "./elements.js";
import { fixed } from "./numbers.js";
import { rich } from "./rich.js";

const SEEN = 28;

/** Grey values as the pixels of a picture, white ink on black. */
export function painted(context, values, side) {
  const image = context.createImageData(side, side);
  values.forEach((value, at) => {
    image.data.set([value, value, value, 255], 4 * at);
  });
  context.putImageData(image, 0, 0);
}

/** Build the pane; `send` takes its gestures. */
export function digitPane(send) {
  let tool = "pen";
  const pad = drawingPad({
    label: "Draw a digit",
    changed: (ink) => send({ type: "ink", target: "ink", moving: true, ...ink }),
    rested: () => send({ type: "rest" }),
    erasing: () => tool === "eraser",
  });
  const file = element("input", { type: "file", accept: "image/*", class: "visually-hidden", "aria-label": "Photo of a digit", tabindex: "-1" });
  const rubber = button({ name: "Eraser", glyph: "eraser", kind: "small quiet square", onclick: () => choose(tool === "pen" ? "eraser" : "pen") });
  const clear = button({ label: "Clear", kind: "small quiet", onclick: () => { choose("pen"); pad.clear(); } });
  const photo = button({ label: "Photo", kind: "small quiet", onclick: () => file.click() });
  const tools = element("span", { class: "pad-tools" }, rubber, clear, photo, file);
  const bars = element("div", { class: "bars", role: "list", "aria-label": "How sure the network is" });
  const seen = element("canvas", { class: "seen", width: SEEN, height: SEEN, role: "img", "aria-label": "The digit as the network sees it" });
  const [words, detail] = [element("p", { class: "verdict", role: "status" }), element("p", { class: "sub" })];
  const reader = element("select", { class: "select small", "aria-label": "Read by", onchange: () => send({ type: "set", name: "reader", value: reader.value }) });
  const by = element("label", { class: "digit-reader" }, element("span", { class: "label", text: "Read by" }), reader);
  const root = element("div", { class: "digit" }, element("div", { class: "digit-row" }, pad.root, bars), by, element("div", { class: "digit-foot" }, seen, element("div", {}, words, detail)));
  const rows = [];
  let said = "";

  function choose(next) {
    tool = next;
    rubber.setAttribute("aria-pressed", String(tool === "eraser"));
  }
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      send({ type: "photo", ...(await pad.show(chosen)) });
    } catch {
      send({ type: "photo", width: 0, height: 0, pixels: "" });
    }
  });
  /** The networks that can read; a run without a finished epoch cannot yet. */
  function readers({ value, options, ready }) {
    const wanted = JSON.stringify([options, ready]);
    if (reader.__made !== wanted) {
      reader.__made = wanted;
      reader.replaceChildren(...options.map(([key, label]) => element("option", { value: key, text: key === "run" && !ready ? `${label} (after its first epoch)` : label, disabled: key === "run" && !ready })));
    }
    reader.value = value;
  }
  function makeRow(name) {
    const fill = element("i");
    const number = element("span", { class: "number" });
    const line = element("div", { class: "bar-row", role: "listitem" }, element("b", { text: name }), element("span", { class: "bar-track" }, fill), number);
    bars.append(line);
    return { name, line, fill, number };
  }
  return {
    root,
    tools,
    update({ classes, probabilities, winner, pixels, words: text, detail: more, reader: choice }) {
      readers(choice);
      if (rows.map(({ name }) => name).join() !== classes.join()) {
        rows.splice(0).forEach(({ line }) => line.remove());
        classes.forEach((name) => rows.push(makeRow(name)));
      }
      rows.forEach((row, index) => {
        const share = probabilities ? probabilities[index] : 0;
        put(row.fill, { style: `width:${(100 * share).toFixed(1)}%` });
        put(row.number, { text: probabilities ? `${fixed(100 * share, 1)} %` : "" });
        put(row.line, { class: `bar-row${index === winner ? " winner" : ""}` });
      });
      painted(seen.getContext("2d"), pixels ?? new Array(SEEN * SEEN).fill(0), SEEN);
      if (said !== text + more) {
        said = text + more;
        words.replaceChildren(...rich(text));
        detail.replaceChildren(...rich(more));
      }
    },
  };
}
