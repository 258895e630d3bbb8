// Moving pictures of lessons on numbers: a descent, a slope, a network on points of the plane.

import { shape, put } from "./elements.js";
import { divergingRamp } from "./diverging.js";
import { residualSquare } from "./regression_data.js";
import { scale } from "./scales.js";

const [WIDE, TALL] = [360, 190];
const POINT = { fill: "var(--text)", stroke: "var(--page)", "stroke-width": 1.5 };
const hand = (radius) => [shape("circle", { r: 3 * radius, fill: "var(--halo)" }), shape("circle", { r: radius, fill: "var(--page)", stroke: "var(--accent)", "stroke-width": 3 })];

/** The transform that puts a plane with its second axis upwards into a picture. */
export function plane([x0, x1], [y0, y1], width, height) {
  const [sx, sy] = [width / (x1 - x0), height / (y1 - y0)];
  return `matrix(${sx} 0 0 ${-sy} ${-x0 * sx} ${y1 * sy})`;
}

/** Linear regression: the line with its squares, and its place on the ellipses of equal loss. */
export function regressionPreview({ points, path, best, ellipses, x: across, y: up, m, b }, pane) {
  const [x, y] = [scale(across, [0, WIDE]), scale(up, [TALL, 0])];
  const [mx, by] = [scale(m, [0, WIDE]), scale(b, [TALL, 0])];
  const squares = points.map(() => shape("rect", { "fill-opacity": 0.13, "stroke-opacity": 0.55 }));
  const line = shape("line", { x1: 0, x2: WIDE, stroke: "var(--accent)", "stroke-width": 3 });
  const dots = points.map(([px, py]) => shape("circle", { cx: x(px), cy: y(py), r: 4.5, ...POINT }));
  const count = ellipses.length;
  const valley = ellipses.map(([first, second, angle], at) => shape("ellipse", {
    rx: first, ry: second, transform: `translate(${best.join(" ")}) rotate(${angle})`, class: "level", style: `--share:${Math.round((100 * at) / count)}%`,
  })).reverse();
  const walked = shape("polyline", { fill: "none", stroke: "var(--accent)", "stroke-width": 2.25, "stroke-linejoin": "round" });
  const ground = shape("polyline", { fill: "none", stroke: "var(--page)", "stroke-width": 5, "stroke-linejoin": "round", opacity: 0.8 });
  const dot = shape("g", {}, ...hand(6));
  const [cx, cy] = [mx(best[0]), by(best[1])];
  const cross = shape("path", { d: `M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10`, stroke: "var(--text)", "stroke-width": 2.25, "stroke-linecap": "round" });
  const surface = [shape("rect", { width: WIDE, height: TALL, class: "level", style: "--share:100%" }), shape("g", { transform: plane(m, b, WIDE, TALL) }, ...valley), cross, ground, walked, dot];
  const show = (at) => {
    const [slope, start] = path[at];
    put(line, { y1: y(slope * across[0] + start), y2: y(slope * across[1] + start) });
    points.forEach(([px, py], index) => {
      const said = slope * px + start;
      const { side, ...corner } = residualSquare(x(px), y(py), y(said), slope, said > py);
      const tone = said < py ? "var(--neg)" : "var(--pos)";
      put(squares[index], { ...corner, width: side, height: side, fill: tone, stroke: tone });
    });
    const way = path.slice(0, at + 1).map(([pm, pb]) => `${mx(pm).toFixed(1)},${by(pb).toFixed(1)}`).join(" ");
    put(walked, { points: way });
    put(ground, { points: way });
    put(dot, { transform: `translate(${mx(slope).toFixed(1)} ${by(start).toFixed(1)})` });
  };
  return { panes: [pane(WIDE, TALL, [...squares, line, ...dots], true), pane(WIDE, TALL, surface, true)], count: path.length, show };
}

/** Activation functions: a curve, its slope, and the tangent where the hand is. */
export function tangentPreview({ x: places, y: values, slope, path }, pane) {
  const x = scale([places[0], places[places.length - 1]], [0, WIDE]);
  const y = scale([-0.75, 3.4], [TALL - 12, 10]);
  const along = (series) => places.map((place, at) => `${x(place).toFixed(1)},${y(series[at]).toFixed(1)}`).join(" ");
  const curve = { fill: "none", stroke: "var(--pos)", "stroke-width": 2.5, "stroke-linejoin": "round" };
  const zero = shape("line", { x1: 0, x2: WIDE, y1: y(0), y2: y(0), stroke: "var(--line)" });
  const tangent = shape("line", { stroke: "var(--accent)", "stroke-width": 2.5, "stroke-linecap": "round" });
  const plumb = shape("line", { stroke: "var(--accent)", "stroke-width": 1.5, "stroke-dasharray": "3 3" });
  const [dot, mark] = [shape("g", {}, ...hand(6)), shape("circle", { r: 4, fill: "var(--pos)", stroke: "var(--page)", "stroke-width": 1.5 })];
  const show = (moment) => {
    const at = path[moment];
    const [px, py, rise] = [places[at], values[at], slope[at]];
    put(tangent, { x1: x(px - 0.9), x2: x(px + 0.9), y1: y(py - 0.9 * rise), y2: y(py + 0.9 * rise) });
    put(plumb, { x1: x(px), x2: x(px), y1: y(py), y2: y(rise) });
    put(dot, { transform: `translate(${x(px)} ${y(py)})` });
    put(mark, { transform: `translate(${x(px)} ${y(rise)})` });
  };
  const drawn = [zero, shape("polyline", { ...curve, points: along(slope), "stroke-dasharray": "7 4", opacity: 0.75 }), shape("polyline", { ...curve, points: along(values) }), plumb, tangent, mark, dot];
  return { panes: [pane(WIDE, TALL, drawn, true)], count: path.length, show };
}

/** Bytes in base64 as numbers from −1 to 1. */
export const signed = (text) => Array.from(atob(text), (letter) => letter.charCodeAt(0) / 127.5 - 1);

function painted(text, side, ramp, share) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  signed(text).forEach((value, at) => image.data.set([...ramp(value * share), 255], 4 * at));
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/** The network builder: weights as lines, a picture in each unit, and the answer on the plane. */
export function networkPreview({ maps, units, lines, points, losses, side, small, reach, count }, pane) {
  const middle = (at, of) => (TALL / 2) + (at - (of - 1) / 2) * 29;
  const inputs = [0, 1].map((at) => [38, middle(at, 2) + (at ? 14 : -14)]);
  const hidden = Array.from({ length: count }, (_, at) => [150, middle(at, count)]);
  const out = [258, TALL / 2];
  const link = ([x1, y1], [x2, y2]) => shape("path", { d: `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`, fill: "none", "stroke-linecap": "round" });
  const first = hidden.flatMap((to) => inputs.map((from) => link(from, to)));
  const second = hidden.map((from) => link(from, out));
  const square = ([x, y], size) => [shape("image", { x: x - size / 2, y: y - size / 2, width: size, height: size, preserveAspectRatio: "none" }), shape("rect", { x: x - size / 2, y: y - size / 2, width: size, height: size, rx: 4, fill: "none", stroke: "var(--page)", "stroke-width": 2.5 })];
  const pictures = hidden.map((place) => square(place, 24));
  const knobs = inputs.map(([cx, cy]) => shape("circle", { cx, cy, r: 7, fill: "var(--page)", stroke: "var(--edge)", "stroke-width": 2 }));
  const answer = square(out, 32);
  const map = shape("image", { width: TALL, height: TALL, preserveAspectRatio: "none" });
  const [x, y] = [scale([-reach, reach], [0, TALL]), scale([-reach, reach], [TALL, 0])];
  const marks = points.map(([px, py, label]) => (label
    ? shape("circle", { cx: x(px), cy: y(py), r: 4, fill: "var(--pos)", stroke: "var(--page)", "stroke-width": 1.2 })
    : shape("path", { d: `M${x(px)} ${y(py) - 5}l4.600 8.200h-9.200z`, fill: "var(--neg)", stroke: "var(--page)", "stroke-width": 1.2 })));
  const [along, down] = [scale([0, losses.length - 1], [22, 226]), scale([0, losses[0]], [TALL - 24, 22])];
  const plan = shape("rect", { y: 14, height: TALL - 38, class: "plan" });
  const curve = shape("polyline", { fill: "none", stroke: "var(--train)", "stroke-width": 2.5, "stroke-linejoin": "round" });
  const head = shape("circle", { r: 4, fill: "var(--train)", stroke: "var(--page)", "stroke-width": 1.5 });
  const made = new Map();
  let at = 0;
  const url = (name, text, size, share) => {
    if (!made.has(name)) made.set(name, painted(text, size, divergingRamp(map.closest?.(".root") ?? map), share));
    return made.get(name);
  };
  const paint = () => {
    put(map, { href: url(`map ${at}`, maps[at], side, 0.44) });
    put(answer[0], { href: url(`answer ${at}`, maps[at], side, 1) });
    units[at].forEach((text, unit) => put(pictures[unit][0], { href: url(`${unit} ${at}`, text, small, 1) }));
  };
  const weigh = (all, weights) => all.forEach((one, index) => put(one, { stroke: weights[index] < 0 ? "var(--neg)" : "var(--pos)", "stroke-width": (0.6 + 1.1 * Math.min(4, Math.abs(weights[index]))).toFixed(2) }));
  const show = (moment) => {
    at = moment;
    weigh(first, lines[at][0]);
    weigh(second, lines[at][1]);
    put(curve, { points: losses.slice(0, at + 1).map((loss, epoch) => `${along(epoch).toFixed(1)},${down(loss).toFixed(1)}`).join(" ") });
    put(head, { cx: along(at), cy: down(losses[at]) });
    put(plan, { x: along(at), width: along(losses.length - 1) - along(at) });
    if (map.isConnected) paint();
    else queueMicrotask(() => map.isConnected && paint()); // Colours are known once it is on the page.
  };
  const recolour = () => { made.clear(); paint(); };
  return { panes: [pane(300, TALL, [...first, ...second, ...pictures.flat(), ...knobs, ...answer]), pane(TALL, TALL, [map, ...marks]), pane(240, TALL, [plan, curve, head])], count: maps.length, show, recolour };
}
