// The left pane: points, the line, and its residuals.

import { axes } from "./axes.js";
import { arrow, draggable } from "./drag.js";
import { element, fill, put, shape } from "./elements.js";
import { fixed } from "./numbers.js";
import { frame, scale } from "./scales.js";

/** The part of `y = m x + b` inside a rectangle, as `[[x, y], [x, y]]`, or null. */
export function visibleLine(m, b, [x0, x1], [y0, y1]) {
  let [low, high] = [x0, x1];
  if (Math.abs(m) < 1e-12) return b >= y0 && b <= y1 ? [[low, b], [high, b]] : null;
  const [first, second] = [(y0 - b) / m, (y1 - b) / m].sort((p, q) => p - q);
  low = Math.max(low, first);
  high = Math.min(high, second);
  return low < high ? [[low, m * low + b], [high, m * high + b]] : null;
}

/** Where the two handles sit: a little inside the visible part of the line. */
export function handlePlaces(m, b, xs, ys, inset = 0.05) {
  const seen = visibleLine(m, b, xs, ys);
  if (!seen) {
    const clamp = (x) => [x, Math.min(ys[1], Math.max(ys[0], m * x + b))];
    const pad = (xs[1] - xs[0]) * inset;
    return [clamp(xs[0] + pad), clamp(xs[1] - pad)];
  }
  const [[xa], [xb]] = seen;
  const pad = (xb - xa) * inset;
  return [xa + pad, xb - pad].map((x) => [x, m * x + b]);
}

/** The square on a residual: it lies on the side of the line where there is room. */
export function residualSquare(pixelX, pixelY, lineY, m, tooHigh) {
  const side = Math.abs(pixelY - lineY);
  const left = m > 0 !== tooHigh;
  return { x: left ? pixelX - side : pixelX, y: Math.min(pixelY, lineY), side };
}

const handle = (name, label) => shape(
  "g", { class: "handle", "data-handle": name, tabindex: "0", role: "slider", "aria-label": label, "aria-valuenow": "0" },
  shape("circle", { class: "halo", r: 20 }), shape("circle", { class: "knob", r: 7 }));

/** Build the pane. `hand` receives grab, move, release, add, remove. */
export function dataPane(hand) {
  const svg = shape("svg", { class: "data", role: "group", "aria-label": "Data points, the line and its residuals" });
  const layers = Object.fromEntries(["axes", "squares", "residuals", "lines", "ghost", "points", "handles", "labels"].map((name) => [name, shape("g", { "data-layer": name })]));
  const clip = shape("rect", { rx: 2 });
  const clipId = `clip-${Math.random().toString(36).slice(2)}`;
  for (const name of ["squares", "residuals", "lines"]) layers[name].setAttribute("clip-path", `url(#${clipId})`);
  svg.append(shape("clipPath", { id: clipId }, clip), ...Object.values(layers));
  const ends = [handle("left", "Left end of the line"), handle("right", "Right end of the line")];
  layers.handles.append(...ends);
  const remover = shape("g", { class: "remover", role: "button", "aria-label": "Remove this point", hidden: true },
    shape("circle", { r: 11 }), shape("path", { d: "M-4 -4L4 4M4 -4L-4 4" }));
  layers.handles.append(remover);
  const root = element("div", { class: "plot pane-plot" }, svg);

  let scene = null;
  let selected = null;
  let x = null;
  let y = null;
  let box = null;
  let legendScale = 1;
  let drawnRanges = "";

  const pick = (event) => {
    if (event.target.closest(".remover")) return { kind: "remover" };
    const point = event.target.closest("[data-point]");
    if (point) return { kind: "point", index: Number(point.dataset.point) };
    const end = event.target.closest("[data-handle]");
    if (end) return { kind: "end", side: end.dataset.handle === "left" ? 0 : 1 };
    return event.target.closest("[data-body]") ? { kind: "body" } : null;
  };
  const inside = ([px, py]) => [
    Math.min(scene.view.x[1], Math.max(scene.view.x[0], x.invert(px))),
    Math.min(scene.view.y[1], Math.max(scene.view.y[0], y.invert(py)))];

  draggable(svg, {
    pick,
    start(thing, from) {
      hideGhost();
      if (thing.kind === "end") {
        const places = handlePlaces(scene.m, scene.b, scene.view.x, scene.view.y);
        thing.pivot = places[1 - thing.side];
      }
      if (thing.kind === "body") thing.offset = scene.m * x.invert(from[0]) + scene.b - y.invert(from[1]);
      if (thing.kind === "point") thing.shift = [x(scene.points[thing.index][0]) - from[0], y(scene.points[thing.index][1]) - from[1]];
    },
    move(thing, point) {
      if (thing.kind === "remover") return;
      if (thing.kind === "point") {
        select(null);
        hand.point(thing.index, ...inside([point[0] + thing.shift[0], point[1] + thing.shift[1]]));
        return;
      }
      const [px, py] = inside(point);
      if (thing.kind === "body") hand.line(scene.m, py + thing.offset - scene.m * px);
      else {
        const gap = px - thing.pivot[0];
        const least = (scene.view.x[1] - scene.view.x[0]) * 0.02;
        const reach = Math.abs(gap) < least ? Math.sign(gap || (thing.side ? 1 : -1)) * least : gap;
        const m = (py - thing.pivot[1]) / reach;
        hand.line(m, thing.pivot[1] - m * thing.pivot[0]);
      }
    },
    end: (thing, moved) => moved && hand.release(),
    tap(thing, point, event) {
      if (thing?.kind === "remover") removeSelected();
      else if (thing?.kind === "point") select(thing.index);
      else if (thing === null && inBox(point) && event.isPrimary) {
        if (selected !== null) select(null);
        else hand.add(...inside(point));
      }
    },
    hover(point, event) {
      if (event.pointerType !== "mouse" || !scene || pick(event) || !inBox(point)) hideGhost();
      else layers.ghost.replaceChildren(shape("circle", { cx: point[0], cy: point[1], r: 6, class: "ghost" }));
    },
    leave: () => hideGhost(),
  });
  svg.addEventListener("dblclick", (event) => {
    // The pointer was captured, so the event names the whole picture as its target.
    const thing = pick({ target: svg.getRootNode().elementFromPoint(event.clientX, event.clientY) ?? svg });
    if (thing?.kind === "point") { select(thing.index); removeSelected(); }
  });
  svg.addEventListener("keydown", (event) => {
    const focused = event.target.closest("[data-handle]");
    if (!focused || !scene) return;
    if (event.key === "Escape") select(null);
    const index = focused.dataset.point === undefined ? null : Number(focused.dataset.point);
    if (index !== null && (event.key === "Delete" || event.key === "Backspace")) {
      select(index);
      removeSelected();
      event.preventDefault();
      return;
    }
    const step = arrow(event);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    nudge(focused, index, step);
  });
  svg.addEventListener("keyup", (event) => arrow(event) && event.target.closest("[data-handle]") && hand.release());

  function nudge(focused, index, [across, up]) {
    const [dx, dy] = [(scene.view.x[1] - scene.view.x[0]) / 100, (scene.view.y[1] - scene.view.y[0]) / 100];
    if (index !== null) {
      const [px, py] = scene.points[index];
      hand.point(index, px + across * dx, py + up * dy);
      return;
    }
    const side = focused.dataset.handle === "left" ? 0 : 1;
    const places = handlePlaces(scene.m, scene.b, scene.view.x, scene.view.y);
    const [still, moved] = [places[1 - side], places[side]];
    const m = (moved[1] + (up + across) * dy - still[1]) / (moved[0] - still[0]);
    hand.line(m, still[1] - m * still[0]);
  }
  const inBox = ([px, py]) => px > box.left && px < box.right && py > box.top && py < box.bottom;
  const hideGhost = () => layers.ghost.replaceChildren();
  function select(index) {
    selected = index;
    drawRemover();
  }
  function removeSelected() {
    const index = selected;
    select(null);
    if (index !== null) hand.remove(index);
  }
  function drawRemover() {
    const point = selected === null ? null : scene.points[selected];
    remover.toggleAttribute("hidden", !point);
    if (point) remover.setAttribute("transform", `translate(${x(point[0]) + 20} ${y(point[1]) - 20})`);
  }

  function drawResiduals() {
    const [squares, lines] = [[], []];
    for (const [px, py] of scene.points) {
      const residual = scene.m * px + scene.b - py;
      const sign = residual < 0 ? "neg" : "pos";
      const [at, from, to] = [x(px), y(py), y(scene.m * px + scene.b)];
      const seen = Number.isFinite(to) && Math.abs(to) < 1e5;
      const square = seen && scene.squares ? residualSquare(at, from, to, scene.m, residual < 0) : { x: at, y: from, side: 0 };
      squares.push({ class: `square ${sign}`, x: square.x, y: square.y, width: square.side, height: square.side });
      lines.push({ class: `residual ${sign}`, x1: at, x2: at, y1: from, y2: seen ? to : from });
    }
    fill(layers.squares, "rect", scene.squares ? squares : []);
    fill(layers.residuals, "line", lines);
  }
  const ends2 = (m, b) => {
    const seen = visibleLine(m, b, scene.view.x, scene.view.y) ?? [[scene.view.x[0], scene.view.y[0]], [scene.view.x[0], scene.view.y[0]]];
    return { x1: x(seen[0][0]), y1: y(seen[0][1]), x2: x(seen[1][0]), y2: y(seen[1][1]) };
  };
  function drawLines() {
    const own = ends2(scene.m, scene.b);
    fill(layers.lines, "line", [
      { class: "best-line", ...ends2(scene.best.m, scene.best.b) },
      { class: "own-line", ...own }, { class: "line-body", "data-body": "1", ...own }]);
    const places = handlePlaces(scene.m, scene.b, scene.view.x, scene.view.y);
    ends.forEach((end, side) => {
      const [px, py] = places[side];
      put(end, { transform: `translate(${x(px)} ${y(py)})`, "aria-valuetext": `slope ${fixed(scene.m)}, intercept ${fixed(scene.b)}` });
    });
  }
  function drawPoints() {
    while (layers.points.childNodes.length > scene.points.length) layers.points.lastChild.remove();
    while (layers.points.childNodes.length < scene.points.length) {
      const index = layers.points.childNodes.length;
      layers.points.append(shape("g", { class: "point", "data-handle": "point", "data-point": index, tabindex: "0", role: "slider", "aria-valuenow": "0" },
        shape("circle", { class: "halo", r: 20 }), shape("circle", { class: "mark", r: 6 })));
    }
    scene.points.forEach(([px, py], index) => {
      const one = layers.points.childNodes[index];
      put(one, { transform: `translate(${x(px)} ${y(py)})`, "aria-label": `Point ${index + 1}`, "aria-valuetext": `x ${fixed(px)}, y ${fixed(py)}` });
    });
  }
  function drawLabels(compact) {
    const made = [];
    if (!compact) {
      const at = scene.view.x[0] + (scene.view.x[1] - scene.view.x[0]) * 0.77;
      const [best, own] = [scene.best.m * at + scene.best.b, scene.m * at + scene.b];
      const bestY = y(best) + (own > best ? 24 : -14);
      if (Math.abs(y(best) - y(own)) > 30 && bestY > box.top + 14 && bestY < box.bottom - 26) made.push({ x: x(at), y: bestY, class: "halo", "text-anchor": own > best ? "start" : "end", text: "best line" });
      const [hx, hy] = handlePlaces(scene.m, scene.b, scene.view.x, scene.view.y)[1];
      const ownY = Math.min(box.bottom - 34, Math.max(box.top + 14, y(hy) + (best < own ? -28 : 40)));
      made.push({ x: Math.min(x(hx) + 18, box.right - 4), y: ownY, class: "named halo own", "text-anchor": "end", text: "your line" });
    }
    fill(layers.labels, "text", made);
  }
  function legend() {
    if (box.width < 420) return [];
    const left = box.right - 8 - 172 * legendScale;
    return [["neg", "line too low"], ["pos", "too high"]].flatMap(([sign, words], index) => {
      const at = left + 102 * legendScale * index;
      return [shape("rect", { x: at, y: box.bottom - 22, width: 11, height: 11, rx: 2, fill: `var(--${sign})` }), shape("text", { x: at + 17, y: box.bottom - 12, class: "halo", text: words })];
    });
  }
  /** Reading sizes forces a layout, so it is done on resize and not for every frame. */
  function measure() {
    const [width, height] = [root.clientWidth, root.clientHeight];
    if (!width || !height) return false;
    const style = getComputedStyle(svg);
    const wide = parseFloat(style.getPropertyValue("--axis-left")) || 34;
    legendScale = parseFloat(style.getPropertyValue("--legend-scale")) || 1;
    box = frame(width, height, { left: wide, bottom: wide - 2 });
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    for (const [name, value] of Object.entries({ x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top })) clip.setAttribute(name, value);
    return true;
  }
  function draw() {
    if (!scene || (!box && !measure())) return;
    x = scale(scene.view.x, [box.left, box.right]);
    y = scale(scene.view.y, [box.bottom, box.top]);
    const ranges = `${scene.view.x}|${scene.view.y}|${box.width}|${box.height}`;
    if (ranges !== drawnRanges) layers.axes.replaceChildren(...axes(box, x, y, ["x", "y"]), ...legend());
    drawnRanges = ranges;
    drawResiduals();
    drawLines();
    drawPoints();
    drawLabels(box.width < 420);
    drawRemover();
  }
  /** Draw what the hand moves, before Python has answered. */
  function follow(next, kind) {
    scene = next;
    if (!box) return;
    drawResiduals();
    if (kind === "point") drawPoints();
    else drawLines();
    drawRemover();
  }
  function redraw() {
    box = null;
    drawnRanges = "";
    draw();
  }
  return { root, redraw, follow, update(next) { scene = next; if (selected !== null && selected >= scene.points.length) selected = null; draw(); } };
}
