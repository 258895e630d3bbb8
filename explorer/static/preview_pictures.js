// Moving pictures of lessons on pictures: a run, draws of a pipeline, neighbours in a map.

import { put, shape } from "./elements.js";
import { scale } from "./scales.js";
import { cellColour, extent } from "./thumbnail.js";

const [WIDE, TALL] = [360, 190];
const TONES = ["var(--pos)", "var(--neg)", "var(--ok)"];
const words = (x, y, text, more = {}) => shape("text", { x, y, class: "caption", text, ...more });

/** Training dashboard: both loss curves as they grow, and how a digit is read meanwhile. */
export function trainingPreview({ losses, read, picture }, pane) {
  const count = losses.length;
  const x = scale([0, count - 1], [16, 186]);
  const y = scale([0, Math.max(...losses.flat())], [TALL - 22, 20]);
  const styles = [{ stroke: "var(--train)", "stroke-width": 2.5 }, { stroke: "var(--validation)", "stroke-width": 2.5, "stroke-dasharray": "7 4" }];
  const plan = shape("rect", { y: 14, height: TALL - 34, class: "plan" });
  const curves = styles.map((style) => shape("polyline", { fill: "none", "stroke-linejoin": "round", ...style }));
  const heads = styles.map(({ stroke }) => shape("circle", { r: 4, fill: stroke, stroke: "var(--page)", "stroke-width": 1.5 }));
  const size = 7;
  const digit = picture.flatMap((row, r) => row.map((value, c) => shape("rect", { x: 210 + c * size, y: 66 + r * size, width: size + 0.3, height: size + 0.3, style: `fill:${cellColour(value, "ink")}` })));
  const frame = shape("rect", { x: 209, y: 65, width: 8 * size + 2, height: 8 * size + 2, fill: "none", stroke: "var(--line)" });
  const across = scale([0, 1], [0, 56]);
  const names = read[0].map((_, at) => words(284, 25 + at * 16.2, String(at), { "text-anchor": "end" }));
  const bars = read[0].map((_, at) => shape("rect", { x: 291, y: 15 + at * 16.2, height: 11, rx: 2 }));
  const show = (at) => {
    curves.forEach((curve, part) => put(curve, { points: losses.slice(0, at + 1).map((pair, epoch) => `${x(epoch).toFixed(1)},${y(pair[part]).toFixed(1)}`).join(" ") }));
    heads.forEach((head, part) => put(head, { cx: x(at), cy: y(losses[at][part]) }));
    put(plan, { x: x(at), width: x(count - 1) - x(at) });
    const winner = read[at].indexOf(Math.max(...read[at]));
    bars.forEach((bar, one) => put(bar, { width: Math.max(1.5, across(read[at][one])), fill: one === winner ? "var(--text)" : "var(--edge)" }));
    names.forEach((name, one) => put(name, { class: one === winner && at ? "caption strong" : "caption" }));
  };
  return { panes: [pane(WIDE, TALL, [plan, ...curves, ...heads, ...digit, frame, ...names, ...bars])], count, show };
}

/** Which draw lies on a tile at a moment: one tile after the other gets the next one. */
export function drawOn(tile, at, tiles) {
  return tile + tiles * Math.max(0, Math.floor((at - tile - 1) / tiles) + 1);
}

/** Augmentation: a picture, and draws that follow each other. */
export function drawsPreview({ original, draws, tiles }, pane) {
  const [size, gap, left] = [57, 5, 112];
  const top = (TALL - 2 * size - gap) / 2;
  const first = shape("image", { x: 12, y: (TALL - 76) / 2, width: 76, height: 76, href: original, preserveAspectRatio: "xMidYMid slice" });
  const arrow = shape("path", { d: `M94 ${TALL / 2}h10m-4.500 -4.500l4.500 4.500l-4.500 4.500`, fill: "none", stroke: "var(--edge)", "stroke-width": 1.75, "stroke-linecap": "round", "stroke-linejoin": "round" });
  const places = Array.from({ length: tiles }, (_, at) => [left + (at % 4) * (size + gap), top + Math.floor(at / 4) * (size + gap)]);
  const shown = places.map(([x, y]) => shape("image", { x, y, width: size, height: size, preserveAspectRatio: "xMidYMid slice" }));
  const ring = shape("rect", { width: size, height: size, rx: 3, fill: "none", stroke: "var(--accent)", "stroke-width": 2.5 });
  const show = (at) => {
    shown.forEach((one, tile) => put(one, { href: draws[drawOn(tile, at, tiles)] }));
    const [x, y] = places[(at + tiles - 1) % tiles];
    put(ring, { x, y, opacity: at ? 1 : 0 });
  };
  return { panes: [pane(WIDE, TALL, [first, arrow, ...shown, ring])], count: draws.length - tiles + 1, show };
}

const EACH = 8; // moments for each new picture

/** Transfer learning: pictures where the backbone puts them, and a new one with its neighbours. */
export function neighboursPreview({ names, pictures, asked }, pane) {
  const x = scale(extent(pictures.map(({ place }) => place[0])), [24, 226]);
  const y = scale(extent(pictures.map(({ place }) => place[1])), [TALL - 22, 22]);
  const middle = (at) => pictures[at].place.map((value, axis) => (axis ? y : x)(value));
  const framed = (at, size) => {
    const [cx, cy] = middle(at);
    const box = { x: cx - size / 2, y: cy - size / 2, width: size, height: size };
    return shape("g", {}, shape("image", { ...box, href: pictures[at].src }), shape("rect", { ...box, rx: 3, fill: "none", stroke: TONES[pictures[at].label], "stroke-width": 1.75 }));
  };
  const fresh = new Set(asked.map(({ at }) => at));
  const known = pictures.flatMap((_, at) => (fresh.has(at) ? [] : [framed(at, 26)]));
  const links = asked[0].near.map(() => shape("line", { stroke: "var(--accent)", "stroke-width": 2 }));
  const halo = shape("circle", { r: 20, fill: "var(--halo)", stroke: "var(--accent)", "stroke-width": 2 });
  const [query, large] = [shape("image", { width: 24, height: 24 }), shape("image", { x: 262, y: 42, width: 72, height: 72 })];
  const box = shape("rect", { x: 262, y: 42, width: 72, height: 72, rx: 6, fill: "none", stroke: "var(--accent)", "stroke-width": 2 });
  const said = words(298, 138, "", { "text-anchor": "middle" });
  const show = (moment) => {
    const turn = Math.min(asked.length - 1, Math.floor(moment / EACH));
    const { at, near } = asked[turn];
    const stage = moment - turn * EACH;
    const [cx, cy] = middle(at);
    put(query, { x: cx - 12, y: cy - 12, href: pictures[at].src });
    put(large, { href: pictures[at].src });
    put(halo, { cx, cy });
    links.forEach((link, one) => {
      const [nx, ny] = middle(near[one]);
      put(link, { x1: cx, y1: cy, x2: nx, y2: ny, opacity: stage > one + 1 ? 1 : 0 });
    });
    const votes = names.map((_, label) => near.filter((one) => pictures[one].label === label).length);
    const most = votes.indexOf(Math.max(...votes));
    put(said, { text: stage > near.length + 1 ? `${votes[most]} of 3 say ${names[most]}` : "new" , class: stage > near.length + 1 ? "caption strong" : "caption" });
  };
  return { panes: [pane(WIDE, TALL, [...known, ...links, halo, query, large, box, said])], count: asked.length * EACH, show };
}
