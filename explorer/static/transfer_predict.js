// Predict: a fresh picture, a drawing, a photo or the camera, and how sure the network is.

import { segment } from "./controls.js";
import { classMark } from "./class_marks.js";
import { drawingPad } from "./drawing_pad.js";
import { button, element, put, shape } from "./elements.js";
import { fixed } from "./numbers.js";
import { rich } from "./rich.js";
import { camera } from "./webcam.js";

const LIVE_MS = 120;
const WAYS = [["sample", "Sample"], ["draw", "Draw"], ["upload", "Upload"], ["camera", "Webcam"]];

/** Build the pane; `send` takes gestures, `files(list)` photos to predict, `busy()` says to wait. */
export function predictPane({ send, files, busy }) {
  let way = "sample";
  let timer = null;
  const tabs = segment({ label: "Predict from", small: true, options: WAYS, onchoose: (value) => choose(value) });
  tabs.update(way);
  const pad = drawingPad({ label: "Draw something to predict", thick: 11, changed: (ink) => send({ type: "query_ink", target: "ink", moving: true, ...ink }), rested: () => send({ type: "rest" }) });
  const lens = camera();
  const picture = element("img", { class: "query-picture", alt: "The picture that is predicted" });
  const input = element("input", { type: "file", multiple: true, accept: "image/*", class: "visually-hidden", "aria-label": "Pictures to predict", tabindex: "-1" });
  input.addEventListener("change", () => { files(input.files); input.value = ""; });
  const next = button({ label: "Another", glyph: "reset", kind: "small", title: "A fresh picture of one of the classes", onclick: () => send({ type: "fresh" }) });
  const strange = button({ label: "Something else", kind: "small", title: "A picture that belongs to none of the classes", onclick: () => send({ type: "strange" }) });
  const choice = button({ label: "Choose photos", glyph: "plus", kind: "small", onclick: () => input.click() });
  const clear = button({ label: "Clear", kind: "small quiet", onclick: () => pad.clear() });
  const learn = element("select", { class: "select small", "aria-label": "Learn from it as", onchange: () => { if (learn.value) send({ type: "keep_query", label: learn.value }); learn.value = ""; } });
  const augment = button({ label: "Augment it", kind: "small", title: "See what augmentation makes of this picture", onclick: () => send({ type: "augment_query", leaves: true }) });
  const left = element("div", { class: "query-left" });
  const tools = element("div", { class: "query-tools" });
  const bars = element("div", { class: "bars", role: "list", "aria-label": "How sure the network is" });
  const seen = element("img", { class: "query-seen", alt: "Where the network looked" });
  const [words, detail] = [element("p", { class: "verdict", role: "status" }), element("p", { class: "sub" })];
  const root = element("div", { class: "predict" }, tabs.root, element("div", { class: "query-row" }, left, bars), tools, element("div", { class: "query-foot" }, seen, element("div", {}, words, detail)), input);
  const rows = [];
  let said = "";

  function choose(value) {
    open(value);
    send({ type: "query_from", way });
  }
  function open(value) {
    way = value;
    tabs.update(way);
    clearInterval(timer);
    if (way !== "camera") lens.stop();
    left.replaceChildren({ draw: pad.root, camera: lens.root }[way] ?? picture);
    tools.replaceChildren(...{ sample: [next, strange, augment], draw: [clear, learn, augment], upload: [choice, learn, augment], camera: [learn, augment] }[way]);
    if (way === "camera") {
      lens.start();
      timer = setInterval(live, LIVE_MS);
    }
  }
  function live() {
    if (document.hidden || busy()) return;
    const data = lens.frame();
    if (data) send({ type: "query_frame", target: "frame", moving: true, data });
  }
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!event.dataTransfer.files.length) return;
    choose("upload");
    files(event.dataTransfer.files);
  });
  function makeRow() {
    const [fill, number, name, mark] = [element("i"), element("span", { class: "number" }), element("b"), element("span")];
    const line = element("div", { class: "bar-row", role: "listitem" }, mark, name, element("span", { class: "bar-track" }, fill), number);
    bars.append(line);
    return { line, fill, number, name, mark };
  }
  left.append(picture);
  tools.append(next, strange, augment);
  return {
    root,
    update(query, labels) {
      if (said === "" && query.way === "upload") open(query.way); // It came from another page.
      const wanted = JSON.stringify(labels);
      if (learn.__made !== wanted) {
        learn.__made = wanted;
        learn.replaceChildren(element("option", { value: "", text: "Learn it as …" }), ...labels.map(({ id, name }) => element("option", { value: id, text: name })));
      }
      learn.disabled = !query.own;
      augment.disabled = !query.src && query.way !== "draw";
      while (rows.length > query.bars.length) rows.pop().line.remove();
      while (rows.length < query.bars.length) rows.push(makeRow());
      query.bars.forEach((bar, index) => {
        const row = rows[index];
        put(row.name, { text: bar.name, title: bar.name });
        put(row.fill, { style: `width:${(100 * (bar.share ?? 0)).toFixed(1)}%;background:var(--class-${(bar.colour % 8) + 1})` });
        put(row.number, { text: bar.share === null ? "" : `${fixed(100 * bar.share, 1)} %` });
        put(row.line, { class: `bar-row${bar.winner ? " winner" : ""}${query.rejected ? " unsure" : ""}` });
        if (row.mark.__index !== bar.colour) {
          row.mark.__index = bar.colour;
          row.mark.replaceChildren(shape("svg", { width: 14, height: 14, viewBox: "0 0 16 16", "aria-hidden": "true" }, classMark(bar.colour, 8, 8, 5.5)));
        }
      });
      if (query.src) put(picture, { src: query.src });
      put(seen, { src: query.cam ?? query.src ?? "data:,", hidden: !(query.cam ?? query.src) });
      next.disabled = !query.fresh;
      const key = JSON.stringify([query.words, query.detail]);
      if (key !== said) {
        said = key;
        words.replaceChildren(...rich(query.words));
        words.className = `verdict${query.rejected ? " rejected" : ""}`;
        detail.replaceChildren(...rich(query.detail));
      }
      root.dataset.frame = query.frame;
    },
    destroy() {
      clearInterval(timer);
      lens.stop();
    },
  };
}
