// The decision map: what the network answers everywhere, with the points on it.

import { rings } from "./contours.js";
import { colourMap, colourTables, signedIndex, sureness } from "./decision_colours.js";
import { arrow, draggable } from "./drag.js";
import { element, put, shape } from "./elements.js";
import { fixed } from "./numbers.js";
import { markRadius, paintPoints } from "./point_marks.js";

const SPACING = 0.3; // Units of the plane between two places of a stroke.

/** What kind of map a message holds. */
export const mapKind = (peek, classes) => (peek ? "unit" : classes === 0 ? "number" : classes === 2 ? "binary" : "classes");

/** The value of an R × R map at a place of the plane, row 0 on top. */
export function valueAt(values, size, reach, x1, x2) {
  const clamp = (part) => Math.min(size - 1, Math.max(0, Math.floor(part)));
  return values[clamp(((reach - x2) / (2 * reach)) * size) * size + clamp(((x1 + reach) / (2 * reach)) * size)];
}

/** What the map says at a place, in words. */
export function answerAt(value, kind, names) {
  if (!Number.isFinite(value)) return "not a number";
  if (kind === "classes") {
    const { winner, confidence } = sureness(value, names.length);
    return `${names[winner]}, ${fixed(100 * confidence, 0)} %`;
  }
  if (kind === "binary") return `P(${names[1]}) = ${fixed(value, 2)}`;
  return fixed(value, 2);
}

/** A map with points, a probe and a brush; `act` has probe, stroke, release and read(text). */
export function decisionMap(act) {
  const picture = element("canvas", { class: "picture" });
  const marks = element("canvas", { class: "marks" });
  const cross = shape("g", { class: "probe handle", "data-handle": "probe", tabindex: "0", role: "application", "aria-label": "Probe: arrow keys move it" },
    shape("circle", { class: "halo", r: 20 }), shape("circle", { class: "knob", r: 6 }));
  const ring = shape("circle", { class: "brush-ring", r: 0, hidden: true });
  const svg = shape("svg", {}, cross, ring);
  const root = element("div", { class: "decision" }, picture, marks, svg);
  const small = document.createElement("canvas");
  let scene = null;
  let values = null;
  let image = null;
  let side = 0;
  let tables = null;
  let drawnPoints = null;
  let hand = null;
  let stroke = null;
  let brushAt = null; // Where the keys have moved the brush.
  let strokes = Date.now() % 1e9; // Another mount counts on from elsewhere: each stroke is one undo.

  const place = (x1, x2) => [((x1 + scene.extent) / (2 * scene.extent)) * side, ((scene.extent - x2) / (2 * scene.extent)) * side];
  const where = ([x, y]) => [(x / side) * 2 * scene.extent - scene.extent, scene.extent - (y / side) * 2 * scene.extent];
  const kind = () => mapKind(scene.peek, scene.classes);

  function measure() {
    const wide = root.clientWidth;
    if (!wide || wide === side) return wide > 0;
    side = wide;
    const density = window.devicePixelRatio || 1;
    for (const canvas of [picture, marks]) canvas.width = canvas.height = Math.round(side * density);
    put(svg, { width: side, height: side });
    drawnPoints = null;
    return true;
  }
  function paintMap() {
    const size = scene.map;
    if (small.width !== size) {
      small.width = small.height = size;
      image = small.getContext("2d").createImageData(size, size);
    }
    let largest = scene.largest;
    if (scene.peek) {
      largest = 1;
      for (const value of values) largest = Math.max(largest, Math.abs(value));
    }
    colourMap(image, values, { kind: kind(), classes: scene.classes, largest, tables });
    small.getContext("2d").putImageData(image, 0, 0);
    const context = picture.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "medium";
    context.drawImage(small, 0, 0, picture.width, picture.height);
    if (kind() === "binary") border(context, size);
  }
  /** The line where both classes are equally likely. */
  function border(context, size) {
    const step = picture.width / size;
    const edge = size - 1.001;
    context.beginPath();
    for (const ring of rings(values, size, size, 0.5)) {
      let previous = null;
      for (const corner of [...ring, ring[0]]) {
        const outer = (point) => point[0] <= 0 || point[1] <= 0 || point[0] >= edge || point[1] >= edge;
        if (previous && !(outer(previous) && outer(corner))) {
          context.moveTo((previous[0] + 0.5) * step, (previous[1] + 0.5) * step);
          context.lineTo((corner[0] + 0.5) * step, (corner[1] + 0.5) * step);
        }
        previous = corner;
      }
    }
    context.lineWidth = 1.5 * (window.devicePixelRatio || 1);
    context.strokeStyle = scene.text;
    context.stroke();
  }
  function look(value) {
    if (scene.classes) {
      const colour = scene.colours[value] ?? 0;
      return { colour: `var(--class-${colour + 1})`, shape: colour };
    }
    return { colour: `rgb(${tables.full[signedIndex(value, scene.largest)].join(" ")})`, shape: 0 };
  }
  function paintMarks() {
    const same = drawnPoints && drawnPoints.length === scene.points.length && drawnPoints.every((value, index) => value === scene.points[index]);
    if (same) return;
    drawnPoints = scene.points.slice();
    const context = marks.getContext("2d");
    const density = window.devicePixelRatio || 1;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, side, side);
    const solved = new Map();
    const style = getComputedStyle(root);
    const colourOf = (value) => {
      if (!solved.has(value)) {
        const found = look(value);
        const name = /^var\((.+)\)$/.exec(found.colour);
        solved.set(value, { ...found, colour: name ? style.getPropertyValue(name[1]) : found.colour });
      }
      return solved.get(value);
    };
    paintPoints(context, scene.points, place, colourOf, markRadius(scene.points.length / 5, side), { page: scene.page, accent: scene.accent });
  }
  function moveProbe() {
    const looks = scene.tool === "look";
    if (looks) brushAt = null;
    const [x, y] = place(...(looks ? hand ?? scene.probe : brushAt ?? scene.probe));
    const name = looks ? "Probe: arrow keys move it" : scene.tool === "eraser" ? "Eraser: arrow keys move it, Space rubs out" : "Brush: arrow keys move it, Space puts a point";
    put(cross, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: `probe handle${looks ? "" : " brushing"}`, "aria-label": name });
  }
  function addPlace(point) {
    const at = where(point).map((value) => Number(Math.max(-scene.extent, Math.min(scene.extent, value)).toFixed(2)));
    const last = stroke.places[stroke.places.length - 1];
    if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < SPACING) return;
    stroke.places.push(at);
    act.stroke({ type: scene.tool === "eraser" ? "erase" : "paint", stroke: stroke.name, kind: scene.brush, places: [at], scattered: stroke.places.length > 1 });
  }
  /** The brush under the arrow keys; Space or Enter puts one point, or rubs out what is there. */
  function pressBrush(event) {
    const step = arrow(event);
    const [x1, x2] = brushAt ?? scene.probe;
    if (step) brushAt = [x1 + step[0] * 0.1, x2 + step[1] * 0.1].map((value) => Number(Math.max(-scene.extent, Math.min(scene.extent, value)).toFixed(2)));
    else if (event.key === " " || event.key === "Enter") {
      strokes += 1;
      stroke = { name: strokes, places: [] };
      addPlace(place(x1, x2));
      stroke = null;
      act.release();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    moveProbe();
  }
  const holdProbe = (x1, x2) => {
    hand = [x1, x2].map((value) => Number(Math.max(-scene.extent, Math.min(scene.extent, value)).toFixed(2)));
    moveProbe();
    act.probe({ x1: hand[0], x2: hand[1] });
  };
  draggable(svg, {
    pick: () => scene && (scene.tool === "look" ? "probe" : "brush"),
    start: (thing, point) => {
      if (thing !== "brush") return;
      strokes += 1;
      stroke = { name: strokes, places: [] };
      addPlace(point);
    },
    move: (thing, point) => (thing === "probe" ? holdProbe(...where(point)) : addPlace(point)),
    end: () => { stroke = null; act.release(); },
    tap: (thing, point) => { if (thing === "probe") { holdProbe(...where(point)); act.release(); } },
    hover: (point) => {
      const [x1, x2] = where(point);
      const text = values ? answerAt(valueAt(values, scene.map, scene.extent, x1, x2), kind(), scene.names) : "";
      act.read(`(${fixed(x1, 1)}, ${fixed(x2, 1)}): ${text}`);
      if (scene.tool !== "look") put(ring, { hidden: false, cx: point[0], cy: point[1], r: ((scene.tool === "eraser" ? 0.5 : 0.35) / (2 * scene.extent)) * side });
    },
    leave: () => { put(ring, { hidden: true }); act.read(""); },
  });
  cross.addEventListener("keydown", (event) => {
    if (scene.tool !== "look") {
      pressBrush(event);
      return;
    }
    const step = arrow(event);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const from = hand ?? scene.probe;
    holdProbe(from[0] + step[0] * 0.1, from[1] + step[1] * 0.1);
    act.release();
  });
  return {
    root,
    /** Take the points and what belongs to them; colours are read when the theme changes. */
    update(next) {
      scene = next;
      if (scene.rested) hand = null;
      tables ??= colourTables(root, scene.classes ? scene.colours : []);
      if (tables.colours !== String(scene.colours)) tables = { ...colourTables(root, scene.classes ? scene.colours : []), colours: String(scene.colours) };
      root.dataset.tool = scene.tool;
      if (scene.tool === "look") put(ring, { hidden: true });
      if (!measure()) return;
      paintMarks();
      moveProbe();
    },
    paint(next) {
      values = next;
      if (scene && measure()) paintMap();
    },
    redraw() {
      side = 0;
      tables = null;
      if (!scene) return;
      this.update(scene);
      if (values) this.paint(values);
    },
  };
}
