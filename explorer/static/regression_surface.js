// The right pane: the error of every line, the dot, its path and the minimum.

import { axes } from "./axes.js";
import { arrow, draggable } from "./drag.js";
import { element, fill, put, shape } from "./elements.js";
import { fixed } from "./numbers.js";
import { frame, scale } from "./scales.js";
import { levelLabels, paint, prepare, ramp } from "./surface_map.js";
import { paintRelief, unproject } from "./surface_relief.js";

/** Head and shaft of an arrow from `from` to `to`, or null when there is no room. */
export function arrowParts(from, to, gap = 11) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (!(length > 16)) return null;
  const [ux, uy] = [dx / length, dy / length];
  const [hx, hy] = [to[0] - ux * 2, to[1] - uy * 2];
  return {
    shaft: `M${from[0] + ux * gap} ${from[1] + uy * gap}L${hx - ux * 7} ${hy - uy * 7}`,
    head: `M${hx} ${hy}l${-ux * 10 - uy * 5} ${-uy * 10 + ux * 5}l${uy * 10} ${-ux * 10}z`,
  };
}

/** Where a point outside the frame is shown: on its edge, on the way to the point. */
export function clampInto([px, py], box, inset = 12) {
  const inside = [
    Math.min(box.right - inset, Math.max(box.left + inset, px)),
    Math.min(box.bottom - inset, Math.max(box.top + inset, py))];
  return { point: inside, outside: inside[0] !== px || inside[1] !== py };
}

/** The relief turned and tilted by degrees: once around, and never seen from below. */
export function turned([turn, tilt], across, down) {
  return [((Math.round(turn + across) % 360) + 360) % 360, Math.round(Math.min(85, Math.max(8, tilt + down)))];
}

/** Build the pane. `hand` receives dot, turn and release. */
export function surfacePane(hand) {
  const canvas = element("canvas", { class: "surface", "aria-hidden": "true" });
  const svg = shape("svg", { class: "overlay", role: "group", "aria-label": "Loss over slope and intercept" });
  const layers = Object.fromEntries(["axes", "levels", "plumb", "path", "steps", "minimum", "arrow", "dot", "labels"].map((name) => [name, shape("g", { "data-layer": name })]));
  const dot = shape("g", { class: "handle", "data-handle": "dot", tabindex: "0", role: "slider", "aria-label": "Current line", "aria-valuenow": "0" },
    shape("circle", { class: "halo", r: 22 }), shape("circle", { class: "knob", r: 8 }));
  layers.dot.append(dot);
  svg.append(...Object.values(layers));
  const root = element("div", { class: "plot pane-plot" }, canvas, svg);

  let scene = null;
  let box = null;
  let look = null;
  let drawnRanges = "";
  let place = null;
  let invert = null;
  let project = null;

  draggable(svg, {
    pick: (event) => {
      if (event.target.closest("[data-handle]")) return { kind: "dot" };
      return scene?.relief ? { kind: "turn", from: scene.turn } : null;
    },
    start(thing, from) {
      thing.at = from;
      const here = place([scene.m, scene.b], scene.loss);
      thing.shift = thing.kind === "dot" ? [here[0] - from[0], here[1] - from[1]] : [0, 0];
    },
    move(thing, point) {
      if (thing.kind === "turn") {
        hand.turn(turned(thing.from, (point[0] - thing.at[0]) * 0.5, (point[1] - thing.at[1]) * 0.35));
      } else if (scene.relief) {
        const { m, b } = scene.gridView;
        const [dm, db] = unproject(project, scene.m, scene.b, scene.loss, point[0] - thing.at[0], point[1] - thing.at[1], (m[1] - m[0]) / 100, (b[1] - b[0]) / 100);
        thing.at = point;
        hand.dot(scene.m + dm, scene.b + db);
      } else {
        const { point: inside } = clampInto([point[0] + thing.shift[0], point[1] + thing.shift[1]], box, 2);
        hand.dot(...invert(inside));
      }
    },
    end: (thing, moved) => moved && hand.release(),
    tap(thing, point) {
      if (thing === null && scene && !scene.relief && clampInto(point, box, 0).outside === false) {
        hand.dot(...invert(point));
        hand.release();
      }
    },
  });
  dot.addEventListener("keydown", (event) => {
    const step = arrow(event);
    if (!step || !scene) return;
    event.preventDefault();
    event.stopPropagation();
    const { m, b } = scene.view;
    hand.dot(scene.m + (step[0] * (m[1] - m[0])) / 100, scene.b + (step[1] * (b[1] - b[0])) / 100);
  });
  dot.addEventListener("keyup", (event) => arrow(event) && hand.release());
  /** The relief itself is turned by the arrow keys: five degrees, with Shift fifty. */
  svg.addEventListener("keydown", (event) => {
    const step = arrow(event);
    if (!step || !scene?.relief || event.target !== svg) return;
    event.preventDefault();
    event.stopPropagation();
    hand.turn(turned(scene.turn, 5 * step[0], -5 * step[1]));
  });
  svg.addEventListener("keyup", (event) => arrow(event) && scene?.relief && event.target === svg && hand.release());

  function drawPath() {
    const points = [];
    for (let at = 0; at <= scene.shown; at += 1) {
      const point = place([scene.path[2 * at], scene.path[2 * at + 1]], scene.losses[at]);
      if (point.every(Number.isFinite) && Math.abs(point[0]) < 1e5 && Math.abs(point[1]) < 1e5) points.push(point);
    }
    const line = points.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ");
    const fine = points.length > 80 ? " fine" : "";
    fill(layers.path, "polyline", [{ class: `path-ground${fine}`, points: line }, { class: `path-line${fine}`, points: line }]);
    const radius = points.length > 60 ? 2.2 : 3.5;
    fill(layers.steps, "circle", points.length > 200 ? [] : points.slice(0, -1).map(([cx, cy]) => ({ class: "path-step", cx, cy, r: radius })));
    return points[0];
  }
  function drawMinimum() {
    const [px, py] = place([scene.best.m, scene.best.b], scene.best.loss);
    const cross = `M${px - 6} ${py - 6}l12 12m0 -12l-12 12`;
    fill(layers.minimum, "path", [{ class: "cross-ground", d: cross }, { class: "cross", d: cross }]);
    return [px, py];
  }
  function drawDot() {
    const { point, outside } = clampInto(place([scene.m, scene.b], scene.loss), box);
    put(dot, { transform: `translate(${point[0]} ${point[1]})`, class: `handle${outside ? " outside" : ""}`, "aria-valuetext": `slope ${fixed(scene.m)}, intercept ${fixed(scene.b)}, loss ${fixed(scene.loss, 3)}` });
    return { point, outside };
  }
  function drawArrow(from) {
    const target = scene.next && place(scene.next, scene.nextLoss);
    const parts = target && target.every(Number.isFinite) ? arrowParts(from, clampInto(target, box, -40).point) : null;
    fill(layers.arrow, "path", parts ? [{ class: "arrow-shaft", d: parts.shaft }, { class: "arrow-head", d: parts.head }] : []);
    return parts ? target : null;
  }
  function drawLabels(start, minimum, dotAt, target, compact) {
    const made = [];
    const text = (px, py, words, anchor, kind = "named on-map") => {
      if (px > box.left + 4 && px < box.right - 4 && py > box.top + 10 && py < box.bottom - 2) made.push({ x: px, y: py, class: kind, "text-anchor": anchor, text: words });
    };
    if (target && !compact) {
      const [right, below] = [target[0] >= dotAt.point[0], target[1] >= dotAt.point[1]];
      const near = Math.hypot(target[0] - minimum[0], target[1] - minimum[1]) < 46;
      if (!near) text(target[0] + (right ? 6 : -6), target[1] + (below ? 18 : -8), "next step", right ? "start" : "end");
    }
    if (Math.hypot(dotAt.point[0] - minimum[0], dotAt.point[1] - minimum[1]) > 34 || dotAt.point[1] < minimum[1]) text(minimum[0] - 2, minimum[1] + 25, "minimum", "middle");
    if (start && scene.shown > 0) text(start[0] + 10, start[1] - 6, "start", "start");
    if (dotAt.outside) text(dotAt.point[0], dotAt.point[1] + (dotAt.point[1] < box.top + 60 ? 40 : -28), "outside the picture", dotAt.point[0] > (box.left + box.right) / 2 ? "end" : "start");
    fill(layers.labels, "text", made);
  }
  function drawFlat(colours, dark, density, compact) {
    const x = scale(scene.view.m, [box.left, box.right]);
    const y = scale(scene.view.b, [box.bottom, box.top]);
    place = ([m, b]) => [x(m), y(b)];
    invert = ([px, py]) => [x.invert(px), y.invert(py)];
    const ready = prepare(scene);
    paint(canvas, scene, ready, box, x, y, colours, density, dark);
    const ranges = `flat|${scene.view.m}|${scene.view.b}`;
    if (ranges !== drawnRanges) layers.axes.replaceChildren(...axes(box, x, y, ["m", "b"], { grid: false }));
    drawnRanges = ranges;
    const made = levelLabels(scene, ready, box, x, y).filter((one) => !compact || one.index % 2 === 0).map((one) => {
      const light = dark || one.index >= 6;
      return { x: one.x, y: one.y + 4, class: "level", "text-anchor": "middle", text: one.text, style: `fill:${light ? "#fff" : "#17202e"};stroke:${colours[Math.min(one.index, 9)]}` };
    });
    layers.plumb.replaceChildren();
    fill(layers.levels, "text", made);
  }
  function drawRelief(colours, dark, density) {
    ({ project } = paintRelief(canvas, scene, box, scene.turn, colours, density, dark));
    place = ([m, b], loss) => {
      const seen = project(m, b, loss);
      return [seen.x, seen.y];
    };
    const { m, b } = scene.gridView;
    const [low, right, back] = [place([m[0], b[0]], 0), place([m[1], b[0]], 0), place([m[0], b[1]], 0)];
    const name = (to, from, text) => shape("text", { class: "axis", "text-anchor": "middle", text, x: (from[0] + to[0]) / 2 + (from[0] < to[0] ? -8 : 8), y: (from[1] + to[1]) / 2 + 20 });
    const edge = (p, q) => shape("line", { x1: p[0], y1: p[1], x2: q[0], y2: q[1], stroke: "var(--edge)" });
    drawnRanges = "relief";
    layers.axes.replaceChildren(edge(low, right), edge(low, back), name(right, low, "m"), name(back, low, "b"));
    const foot = place([scene.m, scene.b], 0);
    const top = place([scene.m, scene.b], scene.loss);
    fill(layers.levels, "text", []);
    layers.plumb.replaceChildren(shape("line", { class: "plumb", x1: foot[0], y1: foot[1], x2: top[0], y2: top[1] }),
      shape("text", { class: "halo", x: box.left + 6, y: box.bottom + 18, text: "Drag the picture, or press arrow keys, to turn it" }));
  }
  /** Sizes and colours, read on resize and on a change of theme, not for every frame. */
  function measure() {
    const [width, height] = [root.clientWidth, root.clientHeight];
    if (!width || !height) return false;
    const left = parseFloat(getComputedStyle(svg).getPropertyValue("--axis-left")) || 34;
    box = frame(width, height, { left, bottom: left - 2 });
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    look = { dark: root.closest(".root").hasAttribute("data-dark"), colours: ramp(svg), density: Math.min(2, devicePixelRatio), compact: width < 420 };
    return true;
  }
  function draw() {
    if (!scene || (!box && !measure())) return;
    const { dark, colours, density, compact } = look;
    svg.classList.toggle("relief", scene.relief);
    put(svg, { tabindex: scene.relief ? "0" : null, "aria-label": `Loss over slope and intercept${scene.relief ? ": arrow keys turn it" : ""}` });
    canvas.classList.toggle("relief", scene.relief);
    if (scene.relief) drawRelief(colours, dark, density);
    else drawFlat(colours, dark, density, compact);
    drawOverlay();
  }
  function drawOverlay() {
    const start = drawPath();
    const minimum = drawMinimum();
    const dotAt = drawDot();
    const target = dotAt.outside ? (fill(layers.arrow, "path", []), null) : drawArrow(dotAt.point);
    drawLabels(start, minimum, dotAt, target, look.compact);
  }
  /** Draw what the hand moves; the surface itself changes only when Python answers. */
  function follow(next, kind) {
    scene = next;
    if (!box || !place) return;
    if (kind === "turn") draw();
    else drawOverlay();
  }
  function redraw() {
    box = null;
    drawnRanges = "";
    draw();
  }
  return { root, redraw, follow, update(next) { scene = next; draw(); } };
}
