// Paints the links and the unit maps of a network on one canvas, up to 60 times a second.

import { element } from "./elements.js";
import { BEND, frameShape } from "./network_layout.js";
import { MARGIN, paintMap, sprite, tables } from "./network_paints.js";
import { adoptClassColours } from "./series_colours.js";

const LEVELS = 24; // Links are painted weakest first, in this many levels.
const NAMES = ["page", "edge", "accent", "halo", "muted", "neg", "pos"];

/** The largest size of a layer's weights, at least 1; numbers that are none count as 0. */
export function largestWeight(weights, from, count) {
  let largest = 1;
  for (let k = from; k < from + count; k += 1) {
    const size = weights[k] < 0 ? -weights[k] : weights[k];
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

/** Width in pixels of a link whose size is `part` (0 … 1) of the largest, for tiles of `size` pixels. */
export function linkWidth(part, size) {
  return 0.5 + (Math.min(6, Math.max(1.5, size / 5 - 1.2)) - 0.5) * part;
}

/** Opacity of such a link; where many links cross, the weak ones step back. */
export function linkOpacity(part, count) {
  return (0.2 + 0.5 * part) * Math.min(1, Math.sqrt(96 / count) + 0.3 * part);
}

/** Indices 0 … count − 1 by rising `levels`, into `order`: counting sort without new arrays. */
export function byLevel(levels, count, order, starts) {
  starts.fill(0);
  for (let k = 0; k < count; k += 1) starts[levels[k] + 1] += 1;
  for (let k = 1; k < starts.length; k += 1) starts[k] += starts[k - 1];
  for (let k = 0; k < count; k += 1) order[starts[levels[k]]++] = k;
  return order;
}

/**
 * The canvas of the diagram: `adopt(root)` reads the theme, `arrange(side, layout)` a network,
 * `paint(frame, look)` draws it. `look` is {hover, link, selected, held}: two units, a link
 * {layer, to, source} and {index, value}, a weight that the hand holds; each may be null.
 */
export function networkCanvas() {
  const canvas = element("canvas", { class: "net-canvas", "aria-hidden": "true" });
  const pen = canvas.getContext("2d", { alpha: false });
  const atlas = element("canvas");
  const ink = atlas.getContext("2d");
  const sprites = new Map();
  const scratch = { levels: new Uint8Array(0), order: new Uint16Array(0), starts: new Uint16Array(LEVELS + 1) };
  let [side, layout, shape, colours, table, image, pixels, density] = Array(8).fill(null);

  function adopt(root) {
    adoptClassColours(root);
    const style = getComputedStyle(root);
    colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    table = tables(root, colours);
    sprites.clear();
    if (side) paintInputs();
  }

  function arrange(nextSide, nextLayout) {
    [side, layout] = [nextSide, nextLayout];
    shape = frameShape(side.columns);
    const fresh = window.devicePixelRatio || 1;
    if (fresh !== density) sprites.clear();
    density = fresh;
    const [width, height] = [Math.round(layout.width * density), Math.round(layout.height * density)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    const most = Math.max(...layout.gaps.map((gap) => gap.from.length * gap.to.length));
    if (scratch.levels.length < most) Object.assign(scratch, { levels: new Uint8Array(most), order: new Uint16Array(most) });
    const rows = side.size * (side.columns[0].units.length + shape.biases);
    if (atlas.width !== side.size || atlas.height !== rows) {
      Object.assign(atlas, { width: side.size, height: rows });
      image = ink.createImageData(side.size, Math.max(1, side.size * shape.biases));
      pixels = new Uint32Array(image.data.buffer);
    }
    paintInputs();
  }

  /** The maps of the inputs never change: they lie at the top of the atlas. */
  function paintInputs() {
    const { size, inputMaps } = side;
    const still = ink.createImageData(size, size * side.columns[0].units.length);
    const into = new Uint32Array(still.data.buffer);
    const area = size * size;
    side.columns[0].units.forEach((_, unit) => paintMap(into, unit * area, inputMaps, unit * area, area, table(null), false));
    ink.putImageData(still, 0, 0);
  }

  function paintMaps(maps) {
    const area = side.size ** 2;
    let at = 0;
    for (const column of side.columns.slice(1)) {
      const likely = column.kind === "output" && column.activationLabel === "sigmoid";
      for (const { colour = null } of column.units) {
        paintMap(pixels, at, maps, at, area, table(colour), likely || colour !== null);
        at += area;
      }
    }
    ink.putImageData(image, 0, side.size * side.columns[0].units.length);
  }

  /** Which links of a gap stand out: into or out of a unit, or one that is named. */
  function standingOut(index, layer, { hover, link, selected }) {
    const fan = layer.sources.length;
    const focus = hover ?? (link ? null : selected);
    const into = focus?.column === index + 1 ? focus.unit : -1;
    const outOf = hover?.column === index ? layer.sources.indexOf(hover.unit) : -1;
    const named = link?.layer === index ? link.to * fan + link.source : -1;
    return { named, strong: (k) => k === named || ((k / fan) | 0) === into || (outOf >= 0 && k % fan === outOf) };
  }

  function paintLinks(weights, look) {
    const fade = look.hover ? 0.25 : look.link ? 0.5 : 1;
    layout.gaps.forEach((gap, index) => {
      const layer = shape.layers[index];
      const fan = layer.sources.length;
      const count = fan * layer.count;
      const largest = largestWeight(weights, layer.weights, count);
      const size = Math.min(layout.columns[index].size, layout.columns[index + 1].size);
      const reach = (gap.x2 - gap.x1) * BEND;
      const { named, strong } = standingOut(index, layer, look);
      const valueAt = (k) => (look.held?.index === layer.weights + k ? look.held.value : weights[layer.weights + k]);
      const partOf = (value) => Math.min(1, Math.abs(value) / largest) || 0;
      for (let k = 0; k < count; k += 1) scratch.levels[k] = strong(k) ? LEVELS - 1 : partOf(valueAt(k)) * (LEVELS - 2);
      byLevel(scratch.levels, count, scratch.order, scratch.starts);
      for (let place = 0; place < count; place += 1) {
        const k = scratch.order[place];
        const value = valueAt(k);
        const [y1, y2] = [gap.from[k % fan], gap.to[(k / fan) | 0]];
        pen.globalAlpha = strong(k) ? 1 : linkOpacity(partOf(value), count) * fade;
        pen.lineWidth = linkWidth(partOf(value), size) + (k === named ? 1.5 : 0);
        pen.strokeStyle = value < 0 ? colours.neg : colours.pos;
        pen.beginPath();
        pen.moveTo(gap.x1, y1);
        pen.bezierCurveTo(gap.x1 + reach, y1, gap.x2 - reach, y2, gap.x2, y2);
        pen.stroke();
      }
    });
  }

  function stamp(size, kind, x, y) {
    const key = `${kind}${size}`;
    if (!sprites.has(key)) sprites.set(key, sprite(size, kind, colours, density));
    pen.drawImage(sprites.get(key), x - size / 2 - MARGIN, y - size / 2 - MARGIN, size + 2 * MARGIN, size + 2 * MARGIN);
  }

  function paintTiles(ready, hover, selected) {
    const grain = side.size;
    let row = 0;
    side.columns.forEach((column, index) => {
      const { x, size, ys } = layout.columns[index];
      column.units.forEach((unit, place) => {
        const y = ys[place];
        const is = (one) => one?.column === index && one.unit === place;
        const off = unit.on === false;
        pen.globalAlpha = off ? 0.5 : unit.dead ? 0.3 : 1;
        if (index === 0 || ready) pen.drawImage(atlas, 0, row * grain, grain, grain, x - size / 2, y - size / 2, size, size);
        pen.globalAlpha = 1;
        stamp(size, is(selected) ? "selected" : off ? "off" : unit.dead ? "dead" : "plain", x, y);
        if (is(hover) || is(selected)) stamp(size, "halo", x, y);
        row += 1;
      });
    });
  }

  function paint(frame, look) {
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.globalAlpha = 1;
    pen.fillStyle = colours.page;
    pen.fillRect(0, 0, layout.width, layout.height);
    const ready = fits(frame);
    if (ready) {
      paintMaps(frame.maps);
      paintLinks(frame.weights, look);
    }
    paintTiles(ready, look.hover, look.selected);
  }

  const fits = (frame) => Boolean(frame) && frame.weights.length === shape.weights && frame.maps.length === shape.biases * side.size ** 2;
  return { canvas, adopt, arrange, paint, fits, get shape() { return shape; } };
}

