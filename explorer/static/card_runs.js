// The runs so far: their validation loss, how good and how fast they were, and which to compare.

import { cardFrame } from "./card_frame.js";
import { button, element, icon, put, shape } from "./elements.js";
import { pieces } from "./line_plot.js";
import { scale } from "./scales.js";

const [WIDE, HIGH] = [56, 22]; // Pixels of a small curve.
const SURE_MS = 4000;

/** The range of the small curves, in powers of ten, and the longest of them. */
export function sparkFrame(rows) {
  const inside = rows.flatMap((row) => Array.from(row)).filter((value) => Number.isFinite(value) && value > 0).map(Math.log10);
  if (!inside.length) return { range: [-1, 0], longest: 2 };
  const [low, high] = [Math.min(...inside), Math.max(...inside)];
  return { range: high - low < 0.1 ? [low - 0.05, low + 0.05 + (high - low)] : [low, high], longest: Math.max(2, ...rows.map(({ length }) => length)) };
}

/** The polylines of one small curve; all curves of a table share one frame. */
export function spark(row, { range, longest }) {
  const x = scale([0, longest - 1], [2, WIDE - 2]);
  const y = scale(range, [HIGH - 3, 3]);
  const levels = Array.from(row, (value) => (value > 0 ? Math.log10(value) : NaN));
  return pieces(levels.map((_, at) => at), levels, x, y);
}

/** What stands in the last column: how long it took, or what it is doing. */
export const stateText = ({ state, time, mark }) => (mark !== "running" && time && ["", "finished"].includes(state ?? "") ? time : state || time);

/** A card with one row for each run. */
export function runsCard(channel) {
  const { root, title, end, body } = cardFrame("runs-card");
  const list = element("tbody");
  const heads = ["Compare", "Run", "Val. loss", "Accuracy", "Time", "Tools"].map((text) => element("th", { scope: "col", class: text === "Val. loss" ? "curve" : null }, element("span", { class: ["Compare", "Tools"].includes(text) ? "visually-hidden" : null, text })));
  const table = element("table", { class: "runs" }, element("thead", {}, element("tr", {}, heads)), list);
  const scroll = element("div", { class: "runs-scroll", tabindex: "0", role: "region", "aria-label": "Table of runs" }, table);
  const empty = element("p", { class: "sub", hidden: true });
  body.append(scroll, empty);
  const made = new Map();

  function makeRow(run) {
    const one = { run, timer: null, input: null };
    one.compare = element("input", { type: "checkbox", onchange: () => channel.send({ type: "compare_run", run }) });
    one.name = element("button", { type: "button", class: "run-name", onclick: () => channel.send({ type: "show_run", run }) });
    one.pencil = button({ name: "Rename", glyph: "pencil", kind: "bin", onclick: () => rename(one) });
    one.bin = button({ name: "Delete", glyph: "trash", kind: "bin danger", onclick: () => remove(one) });
    [one.curve, one.accuracy, one.state] = [shape("svg", { width: WIDE, height: HIGH, role: "img" }), element("td", { class: "number" }), element("span", { class: "number" })];
    one.holder = element("span", { class: "run-title" }, one.name);
    one.line = element("tr", {}, element("td", { class: "check" }, one.compare), element("td", {}, one.holder), element("td", { class: "curve" }, one.curve), one.accuracy, element("td", { class: "time" }, one.state), element("td", { class: "run-tools" }, element("span", {}, one.pencil, one.bin)));
    one.line.addEventListener("focusout", (event) => { if (!one.line.contains(event.relatedTarget)) calm(one); });
    return one;
  }
  function rename(one) {
    if (one.input) return;
    const before = one.name.textContent;
    one.input = element("input", { value: before, maxlength: "60", "aria-label": `New name of ${before}` });
    const finish = (keep, focus) => {
      if (!one.input) return;
      const wanted = one.input.value.trim();
      one.input = null;
      one.holder.replaceChildren(one.name);
      if (keep && wanted && wanted !== before) channel.send({ type: "rename_run", run: one.run, name: wanted });
      if (focus) one.pencil.focus();
    };
    one.input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      finish(event.key === "Enter", true);
    });
    one.input.addEventListener("blur", () => finish(true, false));
    one.holder.replaceChildren(one.input);
    one.input.select();
  }
  /** The first press asks, the second one within four seconds deletes. */
  function remove(one) {
    if (one.timer !== null) {
      calm(one);
      channel.send({ type: "delete_run", run: one.run });
      return;
    }
    one.timer = setTimeout(() => calm(one), SURE_MS);
    one.bin.replaceChildren(element("span", { text: "Delete?" }));
    face(one);
  }
  function calm(one) {
    if (one.timer === null) return;
    clearTimeout(one.timer);
    one.timer = null;
    one.bin.replaceChildren(icon("trash", "small"));
    face(one);
  }
  const face = (one) => put(one.bin, { class: `button bin danger${one.timer === null ? "" : " sure"}`, "aria-label": one.timer === null ? `Delete ${one.name.textContent}` : `Really delete ${one.name.textContent}? Press again` });

  function show(one, run, row, box) {
    const words = stateText(run);
    put(one.line, { class: run.shown ? "chosen" : "" });
    put(one.name, { text: run.name, title: `Show ${run.name}`, "aria-pressed": String(Boolean(run.shown)) });
    one.pencil.hidden = one.bin.hidden = one.compare.hidden = Boolean(run.fixed);
    put(one.pencil, { "aria-label": `Rename ${run.name}` });
    put(one.compare, { "aria-label": `Compare ${run.name}`, title: "Compare" });
    one.compare.checked = Boolean(run.compared);
    put(one.accuracy, { text: run.accuracy ?? "" });
    put(one.state, { class: `number${run.mark ? ` ${run.mark}` : ""}${run.state === "failed" ? " failed" : ""}`, text: words, title: words === run.time ? null : run.time || null });
    put(one.curve, { "aria-label": row.length ? `Validation loss, ${row.length} epochs, log scale` : "No validation loss yet" });
    const lines = spark(row, box);
    if (one.lines !== String(lines)) {
      one.lines = String(lines);
      one.curve.replaceChildren(...lines.map((points) => (points.includes(" ") ? shape("polyline", { class: "spark", points }) : dot(points))));
    }
    face(one);
  }
  const dot = (points) => { const [cx, cy] = points.split(","); return shape("circle", { class: "spark-dot", cx, cy, r: 2 }); };
  return {
    root,
    destroy: () => made.forEach(({ timer }) => clearTimeout(timer)),
    update(card, values) {
      title.textContent = card.title;
      end.textContent = card.compared > 1 ? `comparing ${card.compared}` : card.note;
      put(empty, { hidden: card.runs.length > 0, text: card.empty ?? "No runs yet. Press Train: each run is kept here." });
      scroll.hidden = !card.runs.length;
      const wanted = new Set(card.runs.map(({ id }) => id));
      for (const [id, one] of made) if (!wanted.has(id)) { clearTimeout(one.timer); one.line.remove(); made.delete(id); }
      const rows = card.runs.map(({ spark: part }) => (part ? values.subarray(part.from, part.from + part.count) : []));
      const box = sparkFrame(rows);
      card.runs.forEach((run, index) => {
        if (!made.has(run.id)) made.set(run.id, makeRow(run.id));
        const one = made.get(run.id);
        if (list.childNodes[index] !== one.line) list.insertBefore(one.line, list.childNodes[index] ?? null);
        show(one, run, rows[index], box);
      });
    },
  };
}
