// The colours of unit maps, and the frames that lie over them.

import { divergingRamp } from "./diverging.js";

const SHADES = 256;

/** Room around a tile for its halo, in CSS pixels. */
export const MARGIN = 8;

/** Colours for the parts −1 … 1 as packed pixels; entry 0 stands for "not a number". */
export function lookup(ramp, broken = [128, 128, 128]) {
  const pack = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  const shades = Array.from({ length: SHADES + 1 }, (_, index) => pack(ramp((index / SHADES) * 2 - 1)));
  return Uint32Array.from([pack(broken), ...shades]);
}

/**
 * Write the colours of one unit's map into `pixels`, from `to` on.
 *
 * `unit` true: values are probabilities, 0 … 1 over the whole ramp. Otherwise zero is the
 * middle of the ramp and the largest size, at least 1, its end.
 */
export function paintMap(pixels, to, values, from, count, table, unit) {
  let largest = 1;
  if (!unit) {
    for (let k = from; k < from + count; k += 1) {
      const size = values[k] < 0 ? -values[k] : values[k];
      if (size > largest) largest = size;
    }
  }
  const gain = unit ? SHADES : SHADES / 2 / largest;
  const shift = unit ? 1.5 : SHADES / 2 + 1.5;
  for (let k = 0; k < count; k += 1) {
    const value = values[from + k] * gain + shift;
    // NaN and infinity over infinity become 0 here.
    const index = value === value ? (value > SHADES + 1 ? SHADES + 1 : value < 1 ? 1 : value | 0) : 0;
    pixels[to + k] = table[index];
  }
}

/** A CSS colour as [red, green, blue]: painted and read back, whatever way it is written. */
function channels(colour) {
  const one = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  one.fillStyle = colour;
  one.fillRect(0, 0, 1, 1);
  return [...one.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** The tables that turn map values into pixels: "even" and one for every class asked for. */
export function tables(root, colours) {
  const even = lookup(divergingRamp(root), channels(colours.edge));
  const page = channels(colours.page);
  const made = new Map();
  const style = getComputedStyle(root);
  return (colour) => {
    if (colour === null || colour === undefined) return even;
    if (!made.has(colour)) {
      const goal = channels(style.getPropertyValue(`--class-${(colour % 8) + 1}`).trim() || colours.pos);
      made.set(colour, lookup((value) => page.map((part, index) => Math.round(part + ((goal[index] - part) * (value + 1)) / 2)), channels(colours.edge)));
    }
    return made.get(colour);
  };
}

/** A small canvas with what lies over a map: round corners in page colour and a frame. */
export function sprite(size, kind, colours, density) {
  const span = size + 2 * MARGIN;
  const drawn = new OffscreenCanvas(Math.round(span * density), Math.round(span * density));
  const pen = drawn.getContext("2d");
  pen.setTransform(density, 0, 0, density, MARGIN * density, MARGIN * density);
  const radius = Math.min(8, size * 0.23);
  const box = (inset, round = radius - inset) => pen.roundRect(inset, inset, size - 2 * inset, size - 2 * inset, Math.max(0, round));
  if (kind === "halo") {
    pen.fillStyle = colours.halo;
    box(-6, radius + 6);
    box(0);
    pen.fill("evenodd");
    return drawn;
  }
  pen.fillStyle = colours.page;
  pen.rect(0, 0, size, size);
  box(0.5);
  pen.fill("evenodd");
  pen.beginPath();
  const stroke = kind === "selected" ? 2.5 : 1.5;
  pen.lineWidth = stroke;
  pen.strokeStyle = kind === "selected" ? colours.accent : colours.edge;
  if (kind === "off") {
    pen.setLineDash([size * 0.09, size * 0.075]);
    pen.globalAlpha = 0.8;
  }
  box(stroke / 2);
  pen.stroke();
  if (kind === "dead") {
    pen.beginPath();
    pen.strokeStyle = colours.muted;
    pen.lineCap = "round";
    for (const [from, to] of [[0.26, 0.74], [0.74, 0.26]]) {
      pen.moveTo(size * from, size * 0.26);
      pen.lineTo(size * to, size * 0.74);
    }
    pen.stroke();
  }
  return drawn;
}
