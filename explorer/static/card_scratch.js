// The network written out in NumPy beside the same in PyTorch, step by step.

import { cardFrame } from "./card_frame.js";
import { highlighted } from "./card_script.js";
import { button, element, put, shape } from "./elements.js";
import { fixed, significant } from "./numbers.js";
import { frame, scale } from "./scales.js";

const TICK_MS = 60;
const LOSSES = [-5, 0]; // Powers of ten that the chart shows.

/** A loss as the course writes them: six digits, or powers of ten. */
export const lossText = (value) => (value >= 0.001 ? fixed(value, 6) : significant(value, 6));

/** A card with both runs, their losses, their predictions and the code. */
export function scratchCard(channel) {
  const { root, title, end, body } = cardFrame("scratch-card");
  const svg = shape("svg", { role: "img" });
  const plot = element("div", { class: "plot scratch-plot" }, svg);
  const act = (action) => channel.send({ type: "scratch", action });
  const play = button({ label: "Run both", glyph: "play", kind: "primary", onclick: () => act(card.running ? "pause" : "play") });
  const reset = button({ name: "Start both again", glyph: "reset", kind: "quiet square", onclick: () => act("reset") });
  const load = button({ label: "Put it on the stage", kind: "small", onclick: () => act("load") });
  const progress = element("span", { class: "sub number" });
  const tables = [element("table"), element("table")];
  const note = element("p", { class: "sub" });
  const code = element("pre", { tabindex: "0", "aria-label": "The training in NumPy" });
  body.append(
    element("div", { class: "scratch-columns" },
      element("div", {}, plot, element("div", { class: "foot" }, play, reset, progress)),
      element("div", {}, tables[0]),
      element("div", {}, tables[1], element("div", { class: "foot" }, load))),
    note, element("details", {}, element("summary", { text: "The training in NumPy, every derivative by hand" }), code));
  let card = null;
  let values = null;
  let box = null;
  let source = "";
  let timer = null;

  function rows(table, head, lines) {
    const wanted = JSON.stringify([head, lines]);
    if (table.__rows === wanted) return;
    table.__rows = wanted;
    table.replaceChildren(
      element("thead", {}, element("tr", {}, head.map((text) => element("th", { scope: "col", text })))),
      element("tbody", {}, lines.map((line) => element("tr", {}, line.map((text) => element("td", { class: "number", text }))))));
  }
  function draw() {
    if (!card || !plot.clientWidth) return;
    box ??= frame(plot.clientWidth, plot.clientHeight, { left: 46, right: 8, top: 8, bottom: 26 });
    const read = ({ from, count }) => Array.from(values.subarray(from, from + count));
    const [x, one, other] = [card.series.x, card.series.numpy, card.series.torch].map(read);
    const range = LOSSES;
    const toX = scale([0, card.total], [box.left, box.right]);
    const toY = scale(range, [box.bottom, box.top]);
    const line = (row) => row.map((value, at) => `${toX(x[at]).toFixed(1)},${toY(Math.log10(Math.max(value, 1e-5))).toFixed(1)}`).join(" ");
    const made = [];
    for (let power = range[0]; power <= range[1]; power += 1) {
      made.push(shape("line", { x1: box.left, x2: box.right, y1: toY(power), y2: toY(power), stroke: "var(--grid)" }));
      made.push(shape("text", { x: box.left - 6, y: toY(power) + 4, "text-anchor": "end", text: significant(10 ** power, 1) }));
    }
    for (const epoch of [0, 5000, 10000]) made.push(shape("text", { x: toX(epoch), y: box.bottom + 18, "text-anchor": epoch ? "end" : "start", text: epoch }));
    made.push(shape("polyline", { class: "series torch", points: line(other) }), shape("polyline", { class: "series training", points: line(one) }));
    put(svg, { width: box.width, height: box.height, "aria-label": `Loss of both runs by epoch, log scale; now ${lossText(one[one.length - 1])}` });
    svg.replaceChildren(...made);
  }
  function keepGoing() {
    clearTimeout(timer);
    if (!card.running) return;
    timer = setTimeout(() => {
      if (document.hidden || channel.busy) keepGoing();
      else channel.send({ type: "scratch", action: "tick", target: "scratch", moving: true });
    }, TICK_MS);
  }
  return {
    root,
    redraw() { box = null; draw(); },
    destroy: () => clearTimeout(timer),
    update(next, payload) {
      card = next;
      values = payload;
      title.textContent = card.title;
      end.textContent = `largest difference ${card.difference}`;
      put(play.querySelector("span"), { text: card.running ? "Pause" : card.epoch >= card.total ? "Run again" : "Run both" });
      put(progress, { text: `epoch ${card.epoch} of ${card.total}` });
      note.textContent = card.note;
      rows(tables[0], ["epoch", "NumPy", "PyTorch"], card.rows.map((row) => [String(row.epoch), lossText(row.numpy), lossText(row.torch)]));
      rows(tables[1], ["x", "target", "NumPy", "PyTorch"], card.predictions.map((row) => [row.x, String(row.target), fixed(row.numpy, 3), fixed(row.torch, 3)]));
      if (source !== card.code) {
        source = card.code;
        code.replaceChildren(...highlighted(source).map(({ kind, text }) => (kind === "plain" ? document.createTextNode(text) : element("span", { class: kind, text }))));
      }
      draw();
      keepGoing();
    },
  };
}
