// Softmax: scores in the hand, their probabilities, and how one of them answers every score.

import { arrow, draggable } from "./drag.js";
import { button, element, shape } from "./elements.js";
import { grip } from "./function_plot.js";
import { fixed, significant } from "./numbers.js";
import { rich } from "./rich.js";
import { frame, scale, ticks } from "./scales.js";

const INDICES = "₁₂₃₄₅₆";
const GAPS = [14, 28];

/** Three bands under each other, for scores, probabilities and derivatives: [top, bottom] each. */
export function bands({ top, bottom }) {
  const room = bottom - top - GAPS[0] - GAPS[1];
  const [first, second] = [top + 0.46 * room, top + 0.77 * room + GAPS[0]];
  return [[top, first], [first + GAPS[0], second], [second + GAPS[1], bottom]];
}

/** Columns of equal width: the middle of each, and the one at a pixel. */
export function columns(count, left, right) {
  const width = (right - left) / count;
  return { width, middle: (index) => left + (index + 0.5) * width, at: (px) => Math.min(count - 1, Math.max(0, Math.floor((px - left) / width))) };
}

/** A share with `digits` decimals, or as a power of ten where they would all be 0. */
export function shareText(value, digits = 3) {
  return value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits ? significant(value, digits) : fixed(value, digits);
}

const TYPING_MS = 600;

/** Build the pane; `hand` has score(value), release, select(index, moving), preset(scores), shift(amount). */
export function softmaxPane(hand) {
  let scene = null;
  let box = null;
  let held = null;
  let frozen = null;
  let places = null;
  let z = null;
  let grips = [];
  const svg = shape("svg", { role: "group", "aria-label": "Scores and their probabilities" });
  const layers = Object.fromEntries(["ground", "bars", "words", "handles"].map((name) => [name, shape("g", { "data-layer": name })]));
  svg.append(...Object.values(layers));
  const plot = element("div", { class: "plot pane-plot" }, svg);
  const comment = element("p", { class: "comment", role: "status" });
  const root = element("div", { class: "softmax" }, plot, comment);
  const presets = element("div", { class: "presets", role: "group", "aria-label": "Scores to try" });

  const indexOf = (event) => {
    const name = event.target.closest("[data-handle]")?.dataset.handle;
    return name === undefined ? null : Number(name.slice(1));
  };
  const range = () => frozen ?? scene.range;
  const move = (index, value) => {
    const z = Number(Math.min(range()[1], Math.max(range()[0], value)).toFixed(2));
    hand.score({ index, z });
    return z;
  };
  let typed = { index: null };
  const release = () => {
    [held, frozen] = [null, null];
    hand.release();
  };
  draggable(svg, {
    pick: indexOf,
    start: (index) => {
      [held, frozen] = [index, scene.range];
      hand.select(index, true);
    },
    move: (index, [, py]) => move(index, z.invert(py)),
    end: release,
    tap: (index, [px]) => index === null && hand.select(places.at(px), false),
  });
  svg.addEventListener("focusin", (event) => {
    const index = indexOf(event);
    if (index !== null && held === null && index !== scene.selected) hand.select(index, false);
  });
  svg.addEventListener("keydown", (event) => {
    const [step, index] = [arrow(event), indexOf(event)];
    if (!step || index === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (step[0]) {
      grips[index + Math.sign(step[0])]?.focus();
      return;
    }
    frozen ??= scene.range;
    // The next press may come before the answer to this one.
    const from = typed.index === index && event.timeStamp - typed.at < TYPING_MS ? typed.z : scene.scores[index];
    typed = { index, z: move(index, from + step[1] * 0.1), at: event.timeStamp };
  });
  svg.addEventListener("keyup", (event) => arrow(event)?.[1] && indexOf(event) !== null && release());

  function measure() {
    if (!plot.clientWidth || !plot.clientHeight) return false;
    const left = parseFloat(getComputedStyle(svg).getPropertyValue("--axis-left")) || 34;
    box = frame(plot.clientWidth, plot.clientHeight, { left, top: 14, bottom: left - 8 });
    svg.setAttribute("width", box.width);
    svg.setAttribute("height", box.height);
    return true;
  }
  const text = (x, y, words, kind, anchor = "middle") => shape("text", { x, y, class: kind, "text-anchor": anchor, text: words });
  const line = (y, colour) => shape("line", { x1: box.left, x2: box.right, y1: y, y2: y, stroke: colour });
  const bar = (kind, x, from, to, width) => shape("rect", { class: kind, x: x - width / 2, width, y: Math.min(from, to), height: Math.max(1, Math.abs(to - from)), rx: 2 });

  function ground(p, [, middle, low]) {
    const chosen = scene.selected;
    const marks = ticks(...z.domain, Math.max(2, Math.round((z.range[0] - z.range[1]) / 36)));
    const made = [shape("rect", { class: "column", x: box.left + chosen * places.width, width: places.width, y: box.top - 10, height: box.height - box.top + 8, rx: 6 })];
    for (const value of marks.values) {
      made.push(line(z(value), value === 0 ? "var(--line)" : "var(--grid)"));
      if (z(value) > box.top + 22) made.push(text(box.left - 8, z(value) + 4, fixed(value, marks.digits), "", "end"));
    }
    made.push(line(p(0), "var(--line)"), line(p(1), "var(--grid)"), text(box.left - 8, p(0), "0", "", "end"), text(box.left - 8, p(1) + 4, "1", "", "end"));
    made.push(text(box.left - 8, box.top + 8, "z", "axis", "end"), text(box.left - 22, (middle[0] + middle[1]) / 2 + 5, "p", "axis", "end"));
    made.push(line((low[0] + low[1]) / 2, "var(--line)"), text(2, low[0] - 2, `∂p${INDICES[chosen]}/∂z`, "axis", "start"));
    return made;
  }
  function bars(p, slope) {
    const made = [];
    const width = Math.min(40, places.width * 0.42);
    scene.scores.forEach((score, index) => {
      const x = places.middle(index);
      const own = index === scene.selected ? " selected" : "";
      made.push(bar("score", x, z(0), within(score), width));
      made.push(bar(`probability${own}`, x, p(0), p(scene.probabilities[index]), width));
      const change = scene.row[index];
      made.push(bar(`change ${change < 0 ? "neg" : "pos"}`, x - 18, slope(0), slope(change), 12));
    });
    return made;
  }
  function words(p, slope) {
    const digits = places.width < 60 ? 2 : 3;
    return scene.scores.flatMap((score, index) => {
      const x = places.middle(index);
      const [share, change] = [scene.probabilities[index], scene.row[index]];
      const sign = change > 0 ? "+" : "";
      return [
        text(x, within(score) + (score < 0 ? 24 : -13), fixed(score, Math.abs(score) < 100 ? 2 : 1), "halo value"),
        text(x, p(share) - 5, shareText(share, 3), "halo named value"),
        text(x - 8, slope(0) + (change < 0 ? 15 : -5), `${sign}${shareText(change, digits)}`, "halo value", "start"),
        text(x, box.bottom + 16, String(index + 1), index === scene.selected ? "named" : ""),
      ];
    });
  }
  const within = (score) => Math.min(z.range[0], Math.max(z.range[1], z(score)));

  function placeGrips() {
    if (grips.length !== scene.scores.length) {
      grips = scene.scores.map((_, index) => grip(`z${index}`, `Score z${INDICES[index]}`));
      layers.handles.replaceChildren(...grips);
    }
    scene.scores.forEach((score, index) => {
      const values = { transform: `translate(${places.middle(index)} ${within(score)})`, "aria-orientation": "vertical", "aria-valuemin": range()[0], "aria-valuemax": range()[1], "aria-valuenow": score, "aria-valuetext": `${fixed(score)}, probability ${shareText(scene.probabilities[index])}` };
      Object.entries(values).forEach(([name, value]) => grips[index].setAttribute(name, value));
    });
  }
  function paint() {
    if (!scene || (!box && !measure())) return;
    const three = bands(box);
    places = columns(scene.scores.length, box.left, box.right);
    z = scale(range(), [three[0][1], three[0][0]]);
    const p = scale([0, 1], [three[1][1], three[1][0] + 14]);
    const slope = scale([-scene.steepest, scene.steepest], [three[2][1], three[2][0]]);
    layers.ground.replaceChildren(...ground(p, three));
    layers.bars.replaceChildren(...bars(p, slope));
    layers.words.replaceChildren(...words(p, slope));
    placeGrips();
  }
  function offer() {
    if (presets.childNodes.length) return;
    presets.append(...scene.presets.map(([label, scores]) => button({ label, name: `Scores ${label}`, kind: "small", onclick: () => hand.preset(scores) })),
      button({ label: "+10 to all", kind: "small", onclick: () => hand.shift(10) }));
  }
  return {
    root,
    extras: presets,
    redraw() {
      box = null;
      paint();
    },
    update(next) {
      scene = next;
      offer();
      comment.replaceChildren(...rich(scene.comment));
      paint();
    },
  };
}
