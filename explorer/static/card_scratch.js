// The network written out in NumPy beside the same in PyTorch, step by step.

import { cardFrame } from "./card_frame.js";
import { highlighted } from "./card_script.js";
import { button, element, icon, put, shape } from "./elements.js";
import { CALM_MS, calm } from "./motion.js";
import { fixed, significant } from "./numbers.js";
import { frame, scale } from "./scales.js";

const TICK_MS = 60;
const LOSSES = [-5, 0]; // Powers of ten that the chart shows.

/** A loss as the course writes them: six digits, or powers of ten. */
export const lossText = (value) => (value >= 0.001 ? fixed(value, 6) : significant(value, 6));

/** A whole number with its thousands apart. */
const grouped = (count) => count.toLocaleString("en-US");

/** Heads and lines of the losses; what the course prints has a column where there is any. */
export function lossTable(rows) {
  const printed = rows.some((row) => row.course);
  const line = (row) => [grouped(row.epoch), ...(printed ? [row.course ?? ""] : []), lossText(row.numpy), lossText(row.torch)];
  return [["epoch", ...(printed ? ["course prints"] : []), "NumPy", "PyTorch"], rows.map(line)];
}

/** A table that keeps its cells and changes their words. */
function wordTable(label) {
  const [head, list] = [element("tr"), element("tbody")];
  const root = element("table", { "aria-label": label }, element("thead", {}, head), list);
  const fit = (parent, count, make) => {
    while (parent.children.length > count) parent.lastChild.remove();
    while (parent.children.length < count) parent.append(make());
  };
  function update(heads, lines) {
    fit(head, heads.length, () => element("th", { scope: "col" }));
    heads.forEach((text, column) => put(head.children[column], { text }));
    fit(list, lines.length, () => element("tr"));
    lines.forEach((line, index) => {
      fit(list.children[index], line.length, () => element("td", { class: "number" }));
      line.forEach((text, column) => put(list.children[index].children[column], { text }));
    });
  }
  return { root, update };
}

/** Both losses by epoch, log scale: PyTorch as a wide pale line under NumPy's. */
function lossPlot() {
  const grid = shape("g");
  const [torch, numpy] = ["torch", "training"].map((kind) => shape("polyline", { class: `series ${kind}` }));
  const svg = shape("svg", { role: "img" }, grid, torch, numpy);
  const root = element("div", { class: "plot scratch-plot" }, svg);
  let places = null;

  function measure(total) {
    const box = frame(root.clientWidth, root.clientHeight, { left: 46, right: 24, top: 8, bottom: 26 });
    const [x, y] = [scale([0, total], [box.left, box.right]), scale(LOSSES, [box.bottom, box.top])];
    const made = [];
    for (let power = LOSSES[0]; power <= LOSSES[1]; power += 1) {
      made.push(shape("line", { x1: box.left, x2: box.right, y1: y(power), y2: y(power), stroke: "var(--grid)" }));
      made.push(shape("text", { x: box.left - 6, y: y(power) + 4, "text-anchor": "end", text: significant(10 ** power, 1) }));
    }
    for (const epoch of [0, total / 2, total]) made.push(shape("text", { x: x(epoch), y: box.bottom + 18, "text-anchor": "middle", text: grouped(epoch) }));
    put(svg, { width: box.width, height: box.height });
    grid.replaceChildren(...made);
    return { total, x, y };
  }
  function draw(total, epochs, losses) {
    if (!root.clientWidth) return;
    if (places?.total !== total) places = measure(total);
    const line = (row) => Array.from(row, (value, at) => `${places.x(epochs[at]).toFixed(1)},${places.y(Math.max(LOSSES[0], Math.log10(value))).toFixed(1)}`).join(" ");
    put(numpy, { points: line(losses.numpy) });
    put(torch, { points: line(losses.torch) });
    put(svg, { "aria-label": `Loss of both runs by epoch, log scale; now ${lossText(losses.numpy.at(-1))}` });
  }
  return { root, draw, forget() { places = null; } };
}

/** Ask for the next moments while `running()`, one at a time, and rest while the page is hidden. */
function ticking(channel, running) {
  let timer = null;
  const ask = () => {
    timer = null;
    if (!running() || document.hidden) return;
    if (channel.busy) go();
    else channel.send({ type: "scratch", action: "tick", target: "scratch", moving: true });
  };
  function go() {
    if (running() && !document.hidden) timer ??= setTimeout(ask, calm() ? CALM_MS : TICK_MS);
  }
  document.addEventListener("visibilitychange", go);
  const destroy = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", go);
  };
  return { go, destroy };
}

/** A card with both runs, their losses, their predictions and the code. */
export function scratchCard(channel) {
  const { root, title, end, body } = cardFrame("scratch-card");
  const act = (action) => channel.send({ type: "scratch", action });
  const [word, face] = [element("span"), element("span", { class: "face" })];
  const play = element("button", { type: "button", class: "button primary scratch-play", onclick: () => act(card.running ? "pause" : "play") }, face, word);
  const reset = button({ name: "Start both again", glyph: "reset", kind: "quiet square", onclick: () => act("reset") });
  const load = button({ label: "Put it on the stage", kind: "small", onclick: () => act("load") });
  const [epoch, done] = [element("span", { class: "sub number" }), element("i")];
  const progress = element("span", { class: "scratch-progress", role: "progressbar", "aria-label": "Epochs", "aria-valuemin": 0 }, done);
  const [losses, predictions] = [wordTable("Losses"), wordTable("Predictions")];
  const plot = lossPlot();
  const note = element("p", { class: "sub" });
  const code = element("pre", { tabindex: "0", "aria-label": "The training in NumPy" });
  const key = (kind, name) => element("span", {}, element("i", { class: kind, "aria-hidden": "true" }), name);
  body.append(
    element("div", { class: "scratch-columns" },
      element("div", {}, element("div", { class: "scratch-key sub" }, "loss", key("thin", "NumPy"), key("wide", "PyTorch")), plot.root,
        element("div", { class: "foot" }, play, reset, element("div", { class: "scratch-done" }, epoch, progress))),
      element("div", { class: "scratch-losses" }, losses.root),
      element("div", {}, predictions.root, element("div", { class: "foot" }, load))),
    note, element("details", {}, element("summary", { text: "The training in NumPy, every derivative by hand" }), code));
  let card = null;
  let values = null;
  let source = "";
  let shownFace = "";
  const ticks = ticking(channel, () => Boolean(card?.running));

  function draw() {
    if (!card) return;
    const read = ({ from, count }) => values.subarray(from, from + count);
    plot.draw(card.total, read(card.series.x), { numpy: read(card.series.numpy), torch: read(card.series.torch) });
  }
  function bar() {
    put(word, { text: card.running ? "Pause" : card.epoch >= card.total ? "Again" : "Play" });
    const glyph = card.running ? "pause" : "play";
    if (glyph !== shownFace) face.replaceChildren(icon(glyph));
    shownFace = glyph;
    reset.disabled = card.epoch === 0;
    put(epoch, { text: `Epoch ${grouped(card.epoch)} of ${grouped(card.total)}` });
    put(progress, { "aria-valuemax": card.total, "aria-valuenow": card.epoch });
    put(done, { style: `width:${((100 * card.epoch) / card.total).toFixed(1)}%` });
  }
  function words() {
    if (source === card.code) return;
    source = card.code;
    code.replaceChildren(...highlighted(source).map(({ kind, text }) => (kind === "plain" ? document.createTextNode(text) : element("span", { class: kind, text }))));
  }
  return {
    root,
    redraw() { plot.forget(); draw(); },
    destroy: ticks.destroy,
    update(next, payload) {
      card = next;
      values = payload;
      put(title, { text: card.title });
      put(end, { text: `largest difference ${card.difference}` });
      put(note, { text: card.note });
      losses.update(...lossTable(card.rows));
      predictions.update(["x", "target", "NumPy", "PyTorch"], card.predictions.map((row) => [row.x, String(row.target), fixed(row.numpy, 3), fixed(row.torch, 3)]));
      bar();
      words();
      draw();
      ticks.go();
    },
  };
}
