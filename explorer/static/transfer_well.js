// How a class gets pictures: files, the camera, or a drawing.

import { segment } from "./controls.js";
import { drawingPad } from "./drawing_pad.js";
import { button, element } from "./elements.js";
import { camera } from "./webcam.js";

const FRAME_MS = 150;
const WAYS = [["draw", "Draw"], ["upload", "Upload"], ["camera", "Webcam"]];

/** Build the well; `files(list)` takes files, `send(event)` gestures of the open class. */
export function inputWell({ send, files, busy }) {
  let way = null;
  let ink = null;
  let recording = null;
  const tabs = segment({ label: "Add pictures by", small: true, options: WAYS, onchoose: (value) => choose(value) });
  const pad = drawingPad({ label: "Draw an example", thick: 11, changed: (next) => { ink = next; add.disabled = !pad.inked; }, rested: () => {} });
  const add = button({ label: "Add drawing", glyph: "plus", kind: "small", onclick: () => keep() });
  const clear = button({ label: "Clear", kind: "small quiet", onclick: () => pad.clear() });
  add.disabled = true;
  const drawing = element("div", { class: "well-way draw-way" }, pad.root, element("div", { class: "well-side" }, add, clear, element("p", { class: "sub", text: "Draw one example, add it, draw the next. Five are a start." })));

  const input = element("input", { type: "file", multiple: true, accept: "image/*,.zip,application/zip", class: "visually-hidden", "aria-label": "Pictures or a ZIP archive", tabindex: "-1" });
  input.addEventListener("change", () => { files(input.files); input.value = ""; });
  const pick = button({ label: "Choose pictures", glyph: "plus", kind: "small", onclick: () => input.click() });
  const uploading = element("div", { class: "well-way drop" }, pick, input, element("p", { class: "sub", text: "Or drop them on the class: JPEG, PNG and others, or a ZIP. A ZIP with one folder for each class makes the classes." }));

  const lens = camera();
  const shot = button({ label: "One shot", kind: "small", onclick: () => shoot() });
  const hold = button({ label: "Hold to record", glyph: "stop", kind: "small wanted" });
  const filming = element("div", { class: "well-way camera-way" }, lens.root, element("div", { class: "well-side" }, hold, shot, element("p", { class: "sub", text: "Turn it, move it, change the light: the network learns what stays." })));
  const body = element("div", { class: "well-body" });
  const root = element("div", { class: "well" }, tabs.root, body);

  function choose(value) {
    way = way === value ? null : value;
    tabs.update(way);
    if (way !== "camera") stop();
    body.replaceChildren(...({ draw: [drawing], upload: [uploading], camera: [filming] }[way] ?? []));
    if (way === "camera") lens.start();
  }
  function keep() {
    if (!pad.inked || !ink) return;
    send({ type: "drawing", ...ink });
    pad.clear();
    add.disabled = true;
  }
  function shoot() {
    const data = lens.frame();
    if (data) send({ type: "shot", data });
  }
  function stop() {
    clearInterval(recording);
    recording = null;
    lens.stop();
  }
  const begin = (event) => {
    if (recording !== null) return;
    hold.setPointerCapture?.(event.pointerId);
    shoot();
    recording = setInterval(() => busy() || shoot(), FRAME_MS);
  };
  const end = () => { clearInterval(recording); recording = null; };
  hold.addEventListener("pointerdown", begin);
  for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) hold.addEventListener(name, end);
  hold.addEventListener("keydown", (event) => { if ([" ", "Enter"].includes(event.key) && !event.repeat) begin(event); });
  hold.addEventListener("keyup", end);
  pad.root.addEventListener("keydown", (event) => { if (event.key === "Enter") keep(); });
  return { root, choose, get way() { return way; }, close: () => { if (way) choose(way); stop(); }, destroy: stop };
}
