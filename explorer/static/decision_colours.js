// Colours of a decision map: how sure the network is of what, quiet enough for points on top.

import { divergingRamp } from "./diverging.js";

const SHARE = 0.44; // A map under points uses only this part of the diverging scale.
const STEPS = 256;

const hex = (colour) => {
  const found = /^#([0-9a-f]{6})$/i.exec(colour.trim());
  if (found) return [0, 2, 4].map((at) => parseInt(found[1].slice(at, at + 2), 16));
  return (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
};

/** Mix two colours given as [red, green, blue]. */
export const mixed = (from, to, share) => from.map((part, channel) => Math.round(part + (to[channel] - part) * share));

/** Where a number falls in a table of 256: −1 … 1 of its largest size; the middle for no number. */
export function signedIndex(value, largest) {
  const part = value / largest;
  return Number.isNaN(part) ? STEPS / 2 : Math.max(0, Math.min(STEPS - 1, Math.round(((part + 1) / 2) * (STEPS - 1))));
}

/** For more than two classes: the class and how much of its colour, from class + confidence. */
export function sureness(value, classes) {
  if (!Number.isFinite(value)) return { winner: 0, confidence: 0, share: 0 };
  const winner = Math.min(classes - 1, Math.max(0, Math.floor(value)));
  const confidence = (value - winner) / 0.999;
  return { winner, confidence, share: Math.min(1, Math.max(0, (confidence - 1 / classes) / (1 - 1 / classes))) };
}

/** Tables of colours for a theme: `signed` for two classes and numbers, one for each class. */
export function colourTables(root, colours) {
  const style = getComputedStyle(root);
  const page = hex(style.getPropertyValue("--st-background-color"));
  const ramp = divergingRamp(root);
  const signed = Array.from({ length: STEPS }, (_, index) => ramp(((index / (STEPS - 1)) * 2 - 1) * SHARE));
  const full = Array.from({ length: STEPS }, (_, index) => ramp((index / (STEPS - 1)) * 2 - 1));
  const classes = colours.map((colour) => hex(style.getPropertyValue(`--class-${colour + 1}`) || "#888888"));
  return { signed, full, page, classes };
}

/** Write the map's pixels into an ImageData of the same size. */
export function colourMap(image, values, { kind, classes, largest, tables }) {
  const out = image.data;
  for (let at = 0; at < values.length; at += 1) {
    let colour;
    if (kind === "classes") {
      const { winner, share } = sureness(values[at], classes);
      colour = mixed(tables.page, tables.classes[winner], 0.1 + 0.5 * share);
    } else if (kind === "unit") colour = tables.full[signedIndex(values[at], largest)];
    else if (kind === "binary") colour = tables.signed[signedIndex(2 * values[at] - 1, 1)];
    else colour = tables.signed[signedIndex(values[at], largest)];
    out[4 * at] = colour[0];
    out[4 * at + 1] = colour[1];
    out[4 * at + 2] = colour[2];
    out[4 * at + 3] = 255;
  }
}
