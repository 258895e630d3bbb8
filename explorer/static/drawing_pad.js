// A pad to draw on: mouse, touch, pen, and the keyboard; it reports its ink while it is drawn.

import { element } from "./elements.js";

const SIZE = 280; // Pixels of the pad's own picture in each direction.
const SENT = 112; // Pixels of the picture that is sent.
const PEN = 22;
const STEP = 10;

/** Shrink a square picture of `from` × `from` ink values by averaging boxes to `to` × `to`. */
export function shrunk(pixels, from, to) {
  const out = new Uint8Array(to * to);
  const part = from / to;
  for (let row = 0; row < to; row += 1) {
    for (let column = 0; column < to; column += 1) {
      let [sum, count] = [0, 0];
      for (let y = Math.floor(row * part); y < Math.floor((row + 1) * part); y += 1) {
        for (let x = Math.floor(column * part); x < Math.floor((column + 1) * part); x += 1) {
          sum += pixels[y * from + x];
          count += 1;
        }
      }
      out[row * to + column] = count ? Math.round(sum / count) : 0;
    }
  }
  return out;
}

/** Bytes as base64 text. */
export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(text);
}

/**
 * Build the pad; `changed({size, pixels})` gets the ink as base64 while it changes, and
 * `rested()` is called when the pen is lifted. `erasing()` says whether the pen rubs out, which
 * is `thick` pixels of 280.
 */
export function drawingPad({ changed, rested, erasing = () => false, label = "Drawing pad", thick = PEN }) {
  const canvas = element("canvas", { class: "pad", width: SIZE, height: SIZE, tabindex: "0", role: "application", "aria-label": `${label}: draw with the pointer; or arrow keys move a pen, Space puts it down, Delete clears` });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let pen = null;
  let last = null;
  let cursor = [SIZE / 2, SIZE / 3];
  let down = false;
  let inked = false;

  const at = (event, box) => [((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE];
  function line(from, to) {
    const rubs = erasing();
    context.globalCompositeOperation = rubs ? "destination-out" : "source-over";
    context.lineWidth = rubs ? thick * 1.8 : thick;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = getComputedStyle(canvas).color;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(to[0] + (from[0] === to[0] && from[1] === to[1] ? 0.01 : 0), to[1]);
    context.stroke();
    inked = true;
  }
  function tell() {
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    const ink = new Uint8Array(SIZE * SIZE);
    for (let place = 0; place < ink.length; place += 1) ink[place] = data[4 * place + 3];
    changed({ size: SENT, pixels: base64(shrunk(ink, SIZE, SENT)) });
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    pen = { id: event.pointerId, box: canvas.getBoundingClientRect() };
    last = at(event, pen.box);
    line(last, last);
    tell();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!pen || event.pointerId !== pen.id) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const next = at(one, pen.box);
      line(last, next);
      last = next;
    }
    tell();
  });
  const lift = (event) => {
    if (!pen || event.pointerId !== pen.id) return;
    pen = null;
    cursor = last;
    ring();
    tell();
    rested();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("touchstart", (event) => event.cancelable && event.preventDefault(), { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (by) {
      const next = cursor.map((value, axis) => Math.min(SIZE - PEN, Math.max(PEN, value + by[axis])));
      if (down) {
        line(cursor, next);
        tell();
      }
      cursor = next;
      ring();
    } else if (event.key === " ") {
      down = !down;
      canvas.dataset.pen = down ? "down" : "up";
      if (down) line(cursor, cursor);
      tell();
      if (!down) rested();
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  /** A ring shows those who draw by keys where the pen is. */
  const ring = () => cursor.forEach((value, axis) => canvas.style.setProperty(axis ? "--pen-y" : "--pen-x", `${(100 * value) / SIZE}%`));
  ring();
  function clear() {
    context.clearRect(0, 0, SIZE, SIZE);
    down = false;
    delete canvas.dataset.pen;
    inked = false;
    tell();
    rested();
  }
  /** Put a picture on the pad, as large as it fits, and send it finer than a drawing. */
  async function show(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, 512 / Math.max(picture.width, picture.height));
    const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * share)));
    const sheet = element("canvas", { width, height });
    const paper = sheet.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, width, height);
    paper.drawImage(picture, 0, 0, width, height);
    const { data } = paper.getImageData(0, 0, width, height);
    const grey = new Uint8Array(width * height);
    for (let place = 0; place < grey.length; place += 1) grey[place] = Math.round(0.299 * data[4 * place] + 0.587 * data[4 * place + 1] + 0.114 * data[4 * place + 2]);
    context.globalCompositeOperation = "source-over";
    context.clearRect(0, 0, SIZE, SIZE);
    const fit = Math.min(SIZE / width, SIZE / height);
    context.drawImage(sheet, (SIZE - width * fit) / 2, (SIZE - height * fit) / 2, width * fit, height * fit);
    inked = true;
    return { width, height, pixels: base64(grey) };
  }
  return { root: canvas, clear, show, get inked() { return inked; } };
}
