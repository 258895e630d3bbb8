// The pictures where the network puts them: near each other where it finds them alike.

import { outline } from "./class_marks.js";
import { element } from "./elements.js";

const MARGIN = 26;
const HIT = 22;
const STRETCH = 2;

/** How large a picture is drawn on a map with `count` of them. */
export const sizeFor = (count) => (count <= 60 ? 36 : count <= 150 ? 28 : count <= 400 ? 20 : 14);

/** Places as pixels inside `width` × `height`; an axis is stretched to twice the other at most. */
export function placed(values, count, width, height, margin = MARGIN) {
  const range = (axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let at = axis; at < 2 * count; at += 2) [low, high] = [Math.min(low, values[at]), Math.max(high, values[at])];
    return Number.isFinite(low) ? { span: high - low, middle: (low + high) / 2 } : { span: 0, middle: 0 };
  };
  const axes = [range(0), range(1)];
  const rooms = [width, height].map((side) => Math.max(1, side - 2 * margin));
  const units = axes.map(({ span }, axis) => (span > 0 ? rooms[axis] / span : Infinity));
  const least = Math.min(...units);
  const [across, up] = units.map((unit) => (Number.isFinite(least) ? Math.min(unit, STRETCH * least) : 1));
  return ([x, y]) => [width / 2 + (x - axes[0].middle) * across, height / 2 - (y - axes[1].middle) * up];
}

/** The point nearest to a place, no farther than `reach`; null if there is none. */
export function nearestPoint(points, [x, y], reach = HIT) {
  let [best, distance] = [null, reach];
  points.forEach((point, index) => {
    const away = Math.hypot(point.x - x, point.y - y);
    if (away < distance) [best, distance] = [index, away];
  });
  return best;
}

/** The next point in the direction of an arrow key: near, and not far off the axis. */
export function towards(points, from, key) {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!way || !points[from]) return null;
  let [best, least] = [null, Infinity];
  points.forEach((point, index) => {
    const [dx, dy] = [point.x - points[from].x, point.y - points[from].y];
    const along = dx * way[0] + dy * way[1];
    const across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (index !== from && along > 0.5 && across <= 1.8 * along && along + 2 * across < least) [best, least] = [index, along + 2 * across];
  });
  return best;
}

/** Build the map; `open(id)` is called with a picture that was clicked. */
export function embeddingMap({ store, open }) {
  const canvas = element("canvas", { class: "map-canvas", tabindex: "0", role: "application", "aria-label": "Map of the pictures: arrow keys go from one to the next, Enter opens it" });
  const words = element("p", { class: "visually-hidden", role: "status" });
  const root = element("div", { class: "map-box" }, canvas, words);
  let points = [];
  let data = null;
  let hover = null;
  let box = null;
  let held = null; // The frame while something is in the hand.

  function colours() {
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue(name).trim();
    return { page: read("--st-background-color"), text: read("--st-text-color"), accent: read("--st-primary-color"), faint: read("--st-gray-color"), dark: root.closest("[data-dark]") !== null, classes: Array.from({ length: 8 }, (_, index) => read(`--class-${index + 1}`)) };
  }
  function measure() {
    const [width, height] = [root.clientWidth, root.clientHeight];
    if (!width || !height) return null;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    return { width, height, ratio };
  }
  function badge(context, index, x, y, size, tones) {
    context.beginPath();
    const corners = outline(index);
    if (!corners) context.arc(x, y, size, 0, 2 * Math.PI);
    else corners.forEach(([dx, dy], at) => context[at ? "lineTo" : "moveTo"](x + dx * size, y + dy * size));
    context.closePath();
    context.lineWidth = 2;
    context.strokeStyle = tones.page;
    context.stroke();
    context.fillStyle = tones.classes[index % 8];
    context.fill();
  }
  function picture(context, point, size, tones, strong) {
    const [left, top] = [point.x - size / 2, point.y - size / 2];
    const image = store.image(point.id);
    context.globalAlpha = point.on ? 1 : 0.4;
    context.beginPath();
    context.roundRect(left - 2, top - 2, size + 4, size + 4, 6);
    context.fillStyle = tones.classes[point.label % 8];
    context.fill();
    context.save();
    context.beginPath();
    context.roundRect(left, top, size, size, 4);
    context.clip();
    context.fillStyle = tones.page;
    context.fillRect(left, top, size, size);
    if (image) context.drawImage(image, left, top, size, size);
    context.restore();
    if (point.wrong) {
      context.setLineDash([4, 3]);
      context.lineWidth = 2;
      context.strokeStyle = tones.text;
      context.beginPath();
      context.roundRect(left - 4.5, top - 4.5, size + 9, size + 9, 8);
      context.stroke();
      context.setLineDash([]);
    }
    if (size >= 20 || strong) badge(context, point.label, left + 1, top + 1, strong ? 6 : 4.5, tones);
    context.globalAlpha = 1;
  }
  function query(context, place, tones) {
    if (!data.query) return;
    const inside = [Math.min(box.width - 12, Math.max(12, place[0])), Math.min(box.height - 12, Math.max(12, place[1]))];
    const out = inside[0] !== place[0] || inside[1] !== place[1];
    context.beginPath();
    context.arc(...inside, 20, 0, 2 * Math.PI);
    context.globalAlpha = tones.dark ? 0.2 : 0.14;
    context.fillStyle = tones.accent;
    context.fill();
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(...inside, 8, 0, 2 * Math.PI);
    context.fillStyle = tones.page;
    context.fill();
    context.lineWidth = 3.5;
    context.strokeStyle = tones.accent;
    if (out) context.setLineDash([3, 3]);
    context.stroke();
    context.setLineDash([]);
  }
  function draw() {
    box = measure();
    if (!box || !data) return;
    const context = canvas.getContext("2d");
    context.setTransform(box.ratio, 0, 0, box.ratio, 0, 0);
    context.clearRect(0, 0, box.width, box.height);
    const tones = colours();
    const count = data.points.length;
    if (!held || held.count !== count || held.width !== box.width || held.rested) held = { count, width: box.width, rested: data.rested, to: placed(data.values, count, box.width, box.height) };
    points = data.points.map((point, at) => {
      const [x, y] = held.to([data.values[2 * at], data.values[2 * at + 1]]);
      return { ...point, x, y };
    });
    const size = sizeFor(count);
    points.forEach((point, index) => index !== hover && picture(context, point, size, tones, false));
    query(context, data.query ? held.to(data.query) : null, tones);
    if (hover !== null && points[hover]) picture(context, points[hover], Math.max(64, size), tones, true);
  }
  function look(index, said) {
    if (index === hover) return;
    hover = index;
    canvas.style.cursor = index === null ? "default" : "pointer";
    if (said && points[index]) words.textContent = `${data.names[points[index].label]}${points[index].wrong ? `, taken for ${points[index].said}` : ""}`;
    draw();
  }
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  canvas.addEventListener("pointermove", (event) => look(nearestPoint(points, at(event)), false));
  canvas.addEventListener("pointerleave", () => look(null, false));
  canvas.addEventListener("click", (event) => {
    const found = nearestPoint(points, at(event));
    if (found !== null) open(points[found].id);
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && hover !== null && points[hover]) open(points[hover].id);
    else {
      const next = hover === null && event.key.startsWith("Arrow") ? 0 : towards(points, hover, event.key);
      if (next === null) return;
      look(next, true);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    root,
    redraw: draw,
    /** Show `{points, values, query, names, rested}`; the frame holds still until it is rested. */
    update(next) {
      data = next;
      if (hover !== null && hover >= next.points.length) hover = null;
      draw();
    },
  };
}
