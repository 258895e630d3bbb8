// The stage of linear regression: both panes, the transport bar, and who holds what.

import { element } from "./elements.js";
import { segment, slider } from "./controls.js";
import { CALM_MS, calm } from "./motion.js";
import { mounted, sheet } from "./mount.js";
import { rounded, significant } from "./numbers.js";
import { regressionScene, withHand } from "./regression_scene.js";
import { dataPane } from "./regression_data.js";
import { surfacePane } from "./regression_surface.js";
import { helpButton, labelled, rich } from "./rich.js";
import { between } from "./scales.js";
import { transport } from "./transport.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("stage.css")]);
const FRAME_MS = 90;
const OPENING_MS = 280;

function paneElement(title, plot, end) {
  const sub = element("span", { class: "sub number" });
  const heading = element("h3", { text: title });
  const root = element("figure", { class: "pane" }, element("header", {}, heading, sub, element("span", { class: "end" }, end)), plot);
  return { root, sub, explain: (text) => heading.after(helpButton(text, title)) };
}

/** Put a marked-up text into an element, unless it stands there already. */
function write(place, text) {
  if (place.__text === text) return;
  place.__text = text;
  place.replaceChildren(...rich(text));
}

function create(root, channel) {
  const page = location.pathname;
  let frame = null;
  let hand = null;
  let playing = false;
  let opening = 0;
  let timer = null;
  let shownView = null;
  let easing = null;

  const set = (name, value, moving = false) => channel.send({ type: "set", target: name, name, value, moving });
  const release = () => {
    channel.send({ type: "rest" });
    if (hand) hand.released = true;
  };
  const hold = (next, event) => {
    stop();
    hand = next;
    channel.send({ ...event, moving: true });
    drawHand();
  };
  const grips = {
    point: (index, x, y) => hold({ kind: "point", index, x, y }, { type: "point", target: index, index, x, y }),
    line: (m, b) => hold({ kind: "line", m, b }, { type: "line", target: "line", m, b }),
    dot: (m, b) => hold({ kind: "dot", m, b }, { type: "line", target: "line", m, b }),
    turn: (turn) => hold({ kind: "turn", turn }, { type: "set", target: "turn", name: "turn", value: turn }),
    add: (x, y) => channel.send({ type: "add", x, y }),
    remove: (index) => channel.send({ type: "remove", index }),
    release,
  };

  const left = dataPane(grips);
  const right = surfacePane(grips);
  const residuals = segment({ label: "Residuals drawn as", small: true, options: [["squares", "Squares"], ["lines", "Lines"]], onchoose: (value) => set("residuals", value) });
  const relief = segment({ label: "Surface drawn as", small: true, options: [["contours", "Contours"], ["relief", "3-D"]], onchoose: (value) => set("surface", value) });
  const panes = [paneElement("Data and line", left.root, residuals.root), paneElement("Error of every line", right.root, relief.root)];

  const bar = transport({ act: {
    play: () => (playing ? pause() : play()),
    step: (count) => { stop(); channel.send({ type: "step", count }); },
    back: () => { stop(); if (frame.shown > 0) channel.send({ type: "rewind", target: "path", index: frame.shown - 1 }); release(); },
    reset: () => { stop(); channel.send({ type: "reset" }); },
    rewind: (index) => { stop(); channel.send({ type: "rewind", target: "path", index, moving: true }); },
    rest: () => release(),
  } });
  const rateReading = element("b", { class: "number" });
  const stable = element("span", { class: "number" });
  const rateLabel = element("span");
  const rate = slider({
    label: "Learning rate λ", log: true,
    left: rateLabel, right: stable,
    snap: (value) => rounded(value, 2),
    nudge: (value, direction, large) => rounded(value * (large ? 2 : 1.1) ** direction, 2),
    oninput: (value) => { rateReading.textContent = significant(value, 2); set("rate", value, true); },
    onrelease: release,
    describe: (value) => significant(value, 2),
  });
  const batch = segment({ label: "Points used for each step", options: [["full", "Full batch"], ["mini", "Mini"], ["one", "One"]], onchoose: (value) => set("batch", value) });
  batch.root.classList.add("batch");
  bar.extras.append(rate.root, batch.root);

  const notice = element("div", { class: "notice", role: "status", hidden: true });
  root.append(element("section", { class: "stage", "aria-label": "Stage" }, element("h2", { class: "visually-hidden", text: "Stage" }), element("div", { class: "panes" }, panes.map((pane) => pane.root)), bar.root, notice));

  function play() {
    playing = true;
    refresh();
    tick();
  }
  function stop() {
    opening = 0;
    if (!playing) return;
    playing = false;
    clearTimeout(timer);
    refresh();
  }
  function pause() {
    stop();
    release();
  }
  function tick() {
    if (!playing) return;
    if (!channel.busy && !document.hidden) channel.send({ type: "tick" });
    timer = setTimeout(tick, calm() ? CALM_MS : opening > 0 ? OPENING_MS : FRAME_MS);
  }
  function refresh() {
    if (!frame) return;
    bar.update({ playing, full: frame.full, diverged: frame.diverged, index: frame.shown, total: frame.total });
  }

  /** Under the hand only what the hand itself moves is drawn, once for each painted frame. */
  let painting = null;
  function drawHand() {
    painting ??= requestAnimationFrame(() => {
      painting = null;
      if (!frame || !hand) return;
      const scene = withHand({ ...frame, view: shownView }, hand);
      if (hand.kind !== "turn") left.follow(scene, hand.kind);
      if (hand.kind !== "point") right.follow(scene, hand.kind);
    });
  }
  function draw() {
    if (!frame) return;
    const scene = withHand({ ...frame, view: shownView }, hand);
    left.update(scene);
    right.update(scene);
  }
  /** Axes adapt in 200 ms on release; under the hand and during play they stay. */
  function adapt(view) {
    cancelAnimationFrame(easing);
    if (!shownView || calm() || JSON.stringify(view) === JSON.stringify(shownView)) {
      shownView = view;
      return;
    }
    const from = shownView;
    const began = performance.now();
    const move = () => {
      const part = Math.min(1, (performance.now() - began) / 200);
      const eased = 1 - (1 - part) ** 3;
      shownView = part === 1 ? view : Object.fromEntries(Object.keys(view).map((key) => [key, between(from[key], view[key], eased)]));
      draw();
      if (part < 1) easing = requestAnimationFrame(move);
    };
    easing = requestAnimationFrame(move);
  }

  function update(header, values) {
    const first = frame === null;
    frame = regressionScene(header, values);
    if (hand?.released && channel.holdsAll(header.ack) && (header.rested || !channel.busy)) hand = null;
    adapt(frame.view);
    if (frame.full || frame.diverged) (playing ? pause : stop)();
    if (opening > 0 && frame.shown >= opening) pause();
    write(panes[0].sub, header.equation);
    write(panes[1].sub, header.reading);
    residuals.update(frame.squares ? "squares" : "lines");
    relief.update(frame.relief ? "relief" : "contours");
    batch.update(header.batch);
    rateReading.textContent = significant(header.rate, 2);
    write(stable, header.stableText);
    rate.update({ value: header.rate, minimum: header.rateRange[0], maximum: header.rateRange[1], marked: header.stable ?? -1 });
    showNotice(header.notice);
    refresh();
    draw();
    root.dataset.frame = header.frame;
    document.dispatchEvent(new CustomEvent("explorer:moved", { detail: header.frame }));
    if (playing) document.dispatchEvent(new CustomEvent("explorer:going", { detail: { address: header.address, page } }));
    if (first) explain(header.help);
    if (first && header.opening > 0 && !calm()) {
      opening = frame.shown + header.opening;
      playing = true;
      refresh();
      timer = setTimeout(tick, OPENING_MS);
    }
  }
  function explain(help) {
    panes[0].explain(help.data);
    panes[1].explain(help.surface);
    bar.explain(help.path);
    rateLabel.replaceChildren(labelled("Learning rate", help.rate), " ", element("span", { class: "math", text: "λ" }), " ", rateReading);
  }
  let noticeShown = null;
  let noticeTimer = null;
  function showNotice(note) {
    if (note === noticeShown) return;
    noticeShown = note;
    clearTimeout(noticeTimer);
    notice.hidden = !note;
    if (!note) return;
    notice.replaceChildren(...rich(note));
    noticeTimer = setTimeout(() => { notice.hidden = true; }, 8000);
  }
  const redraw = () => {
    left.redraw();
    right.redraw();
  };
  return { update, redraw, destroy() { stop(); bar.destroy(); } };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
