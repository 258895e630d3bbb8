// Functions and their derivatives under one cursor that reads them all.

import { arrow, draggable } from "./drag.js";
import { shape } from "./elements.js";
import { curvePath, functionPlot, grip } from "./function_plot.js";
import { fixed } from "./numbers.js";
import { tone } from "./series_colours.js";

/** Label heights pushed apart until each has `gap` pixels, inside `[top, bottom]`. */
export function spread(heights, gap, top, bottom) {
  const order = heights.map((at, index) => ({ at, index })).sort((p, q) => p.at - q.at);
  order.forEach((one, place) => { one.at = Math.max(one.at, place ? order[place - 1].at + gap : top); });
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const below = place === order.length - 1 ? bottom : order[place + 1].at - gap;
    order[place].at = Math.min(order[place].at, below);
  }
  const out = [];
  order.forEach(({ at, index }) => { out[index] = at; });
  return out;
}

/** Build the pane; `hand.cursor(x)` and `hand.release()` report the cursor. */
export function activationCurves(hand) {
  let scene = null;
  const cursor = grip("cursor", "Cursor");
  const frame = functionPlot(["x", "y"], ["curves", "reading", "handles"], "Functions and derivatives", paint);
  const { plot, root } = frame;
  plot.layers.handles.append(cursor);

  const within = (value) => Math.min(scene.range[1], Math.max(scene.range[0], value));
  const to = ([px]) => hand.cursor(Number(within(plot.x.invert(px)).toFixed(2)));
  draggable(plot.svg, {
    pick: () => "cursor",
    start: (thing, point) => to(point),
    move: (thing, point) => to(point),
    end: () => hand.release(),
  });
  cursor.addEventListener("keydown", (event) => {
    const step = arrow(event);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    hand.cursor(Number(within(scene.cursor + (step[0] + step[1]) * 0.1).toFixed(2)));
  });
  cursor.addEventListener("keyup", (event) => arrow(event) && hand.release());

  function lines() {
    const made = [];
    scene.functions.forEach((one, index) => {
      const { colour } = tone(index);
      if (scene.show !== "f") made.push(shape("path", { class: "derivative", d: curvePath(one.derivative, plot.x, plot.y), stroke: colour }));
      if (scene.show !== "d") made.push(shape("path", { class: "function", d: curvePath(one.values, plot.x, plot.y), stroke: colour }));
    });
    return made;
  }
  /** One row for each function: its colour, its name, and both numbers at the cursor. */
  function legend() {
    const made = [];
    const { left, top } = plot.box;
    const larger = left > 40 ? 1.25 : 1;
    const text = (dx, row, words, strong) => made.push(shape("text", { class: `halo${strong ? " named" : ""}`, x: left + dx * larger, y: top + 18 + row * 21 * larger, text: words, style: strong ? "fill:var(--text)" : null }));
    if (scene.show !== "d") text(142, 0, "f", false);
    if (scene.show !== "f") text(206, 0, "f′", false);
    scene.functions.forEach((one, index) => {
      const y = top + 14 + (index + 1) * 21 * larger;
      made.push(shape("line", { class: "swatch", x1: left + 10, x2: left + 28, y1: y, y2: y, stroke: tone(index).colour }));
      text(36, index + 1, one.label, false);
      if (scene.show !== "d") text(122, index + 1, fixed(one.f, 3), true);
      if (scene.show !== "f") text(186, index + 1, fixed(one.d, 3), true);
    });
    return made;
  }
  function readings() {
    const at = plot.x(scene.cursor);
    const made = [shape("line", { class: "cursor-line", x1: at, x2: at, y1: plot.box.top, y2: plot.box.bottom })];
    scene.functions.forEach((one, index) => {
      const { colour } = tone(index);
      for (const [kind, value] of [["d", one.d], ["f", one.f]]) {
        const height = Number.isFinite(value) ? plot.y(value) : NaN; // null would be drawn at 0
        if ((scene.show !== "both" && scene.show !== kind) || !(height >= plot.box.top && height <= plot.box.bottom)) continue;
        made.push(shape("circle", { class: "dot", cx: at, cy: height, r: kind === "f" ? 5 : 4, fill: kind === "f" ? colour : "var(--page)", stroke: colour, "stroke-width": 2 }));
      }
    });
    return [...made, ...legend()];
  }
  function paint() {
    if (!scene) return;
    plot.layers.curves.setAttribute("clip-path", plot.clip);
    plot.layers.curves.replaceChildren(...lines());
    plot.layers.reading.replaceChildren(...readings());
    cursor.setAttribute("transform", `translate(${plot.x(scene.cursor)} ${plot.box.bottom})`);
    cursor.setAttribute("aria-valuetext", `x ${fixed(scene.cursor)}`);
    cursor.setAttribute("aria-valuenow", scene.cursor);
  }
  return { root, redraw: frame.redraw, update(next) { scene = next; frame.update(scene.range, scene.yRange); } };
}
