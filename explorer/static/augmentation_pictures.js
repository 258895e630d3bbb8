// Pictures that arrive as files in one message, decoded together and painted in one frame.

import { element, put } from "./elements.js";

/** The files of a message, in the order of their sizes. */
export function files(values, sizes) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let at = 0;
  return sizes.map((size) => bytes.subarray(at, (at += size)));
}

/** Paints messages in their order; one that is overtaken while it is decoded is left out. */
export function painter(done) {
  let newest = 0;
  let shown = 0;
  return async (canvases, pieces, frame) => {
    newest += 1;
    const turn = newest;
    const bitmaps = await Promise.all(pieces.map((piece) => createImageBitmap(new Blob([piece]))));
    const late = turn < shown;
    if (!late) shown = turn;
    bitmaps.forEach((bitmap, index) => {
      if (!late) paint(canvases[index], bitmap);
      bitmap.close();
    });
    if (!late) done(frame);
  };
}

function paint(canvas, bitmap) {
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
}

/** The place that an arrow key leads to in a grid of `columns`; null for other keys. */
export function neighbour(key, at, columns, count) {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  const wanted = { Home: 0, End: count - 1 }[key] ?? (by === undefined ? null : at + by);
  return wanted === null || wanted < 0 || wanted >= count ? null : wanted;
}

/** The sixteen draws; `choose(index)` is called with the one to look into. */
export function drawsGrid(choose) {
  const columns = 4;
  const root = element("div", { class: "draws", role: "group", "aria-label": "Sixteen draws" });
  const cells = [];
  const onkey = (event) => {
    const from = cells.findIndex(({ face }) => face === event.currentTarget); // Keys may come before the answer.
    const wanted = neighbour(event.key, from, columns, cells.length);
    if (wanted === null) return;
    event.preventDefault();
    event.stopPropagation();
    cells[wanted].face.focus();
    choose(wanted);
  };
  function makeCell(index) {
    const canvas = element("canvas", { width: 1, height: 1 });
    const face = element("button", { type: "button", class: "draw", onclick: () => choose(index), onkeydown: onkey }, canvas, element("span", { class: "draw-number", text: String(index), "aria-hidden": "true" }));
    root.append(face);
    return { face, canvas };
  }
  return {
    root,
    update(draws, at) {
      while (cells.length < draws.length) cells.push(makeCell(cells.length));
      draws.forEach(({ size, pixels }, index) => {
        put(cells[index].face, { "aria-pressed": String(index === at), tabindex: index === at ? "0" : "-1", "aria-label": `Draw ${index}, ${size} pixels`, title: `Draw ${index}: ${size}` });
        put(cells[index].canvas, { class: pixels ? "squares" : null });
      });
      return cells.map(({ canvas }) => canvas);
    },
  };
}

/** The way to one draw: the picture after every step. */
export function chainStrip() {
  const root = element("ol", { class: "chain" });
  const cells = [];
  function makeCell() {
    const [canvas, name, detail] = [element("canvas", { width: 1, height: 1 }), element("b"), element("span", { class: "sub" })];
    const item = element("li", {}, element("figure", {}, canvas, element("figcaption", {}, name, detail)));
    root.append(item);
    return { item, canvas, name, detail };
  }
  return {
    root,
    update(stages) {
      while (cells.length > stages.length) cells.pop().item.remove();
      while (cells.length < stages.length) cells.push(makeCell());
      stages.forEach(({ label, size, acted, pixels }, index) => {
        const one = cells[index];
        put(one.item, { class: acted ? null : "passed" });
        put(one.name, { text: label });
        put(one.detail, { text: acted ? size : "passed over" });
        put(one.canvas, { class: pixels ? "squares" : null, role: "img", "aria-label": `${label}, ${acted ? size : "passed over"}` });
      });
      return cells.map(({ canvas }) => canvas);
    },
  };
}
