// The stage of activation functions: curves under a cursor, and what a neuron does with them.

import { activationCurves } from "./activation_curves.js";
import { chainPane, stackPane } from "./chain_pane.js";
import { segment } from "./controls.js";
import { depthPane } from "./depth_pane.js";
import { divergingRamp } from "./diverging.js";
import { element } from "./elements.js";
import { controlRow } from "./live_controls.js";
import { CALM_MS, calm } from "./motion.js";
import { mounted, sheet } from "./mount.js";
import { neuronPane, planePane } from "./neuron_panes.js";
import { helpButton, rich } from "./rich.js";
import { adoptClassColours } from "./series_colours.js";
import { softmaxPane } from "./softmax_pane.js";
import { transport } from "./transport.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("stage.css"), sheet("activation_stage.css")]);
const FRAME_MS = 60;
const OPENING_STEPS = 160;
const VIEWS = [["neuron", "Neuron"], ["plane", "2 inputs"], ["chain", "Sum"], ["stack", "Stack"], ["depth", "Depth"], ["softmax", "Softmax"]];

/** The numbers of a message cut into named arrays, in the order that the header gives. */
export function slices(parts, values) {
  let at = 0;
  return Object.fromEntries(parts.map(([name, count]) => {
    const piece = values.subarray(at, at + count);
    at += count;
    return [name, piece];
  }));
}

/** The scene of the left pane. */
export function curvesScene(header, data) {
  const functions = header.functions.map((one) => ({ ...one, values: data[`f_${one.name}`], derivative: data[`d_${one.name}`] }));
  return { range: header.range, yRange: header.yRange, cursor: header.cursor, show: header.show, functions };
}

function create(root, channel) {
  const page = location.pathname;
  let header = null;
  let data = null;
  let hand = null;
  let playing = false;
  let timer = null;
  let opening = false;

  const release = () => {
    channel.send({ type: "rest" });
    if (hand) hand.released = true;
  };
  const hold = (kind, value, event) => {
    hand = { kind, value };
    channel.send({ ...event, moving: true });
    draw();
  };
  const grips = {
    release,
    cursor: (x) => hold("cursor", x, { type: "cursor", target: "cursor", x }),
    neuron: (value) => hold("neuron", value, { type: "neuron", target: "neuron", ...value }),
    plane: (value) => hold("plane", value, { type: "plane", target: "plane", ...value }),
    score: (value) => hold("score", value, { type: "score", target: value.index, ...value }),
    select: (index, moving) => channel.send({ type: "select", target: "select", index, moving }),
    preset: (scores) => set("scores", scores),
    shift: (amount) => channel.send({ type: "shift", amount }),
    unit: (value) => { stop(); hold("unit", value, { type: "unit", target: value.index, ...value }); },
  };
  const curves = activationCurves(grips);
  const set = (name, value) => channel.send({ type: "set", target: name, name, value });
  const panes = { neuron: neuronPane(grips), plane: planePane(grips), chain: chainPane(grips), stack: stackPane(), depth: depthPane(), softmax: softmaxPane(grips) };
  const show = segment({ label: "Curves shown", small: true, options: [["both", "f and f′"], ["f", "f"], ["d", "f′"]], onchoose: (value) => set("show", value) });
  const view = segment({ label: "What the neuron does", small: true, options: VIEWS, onchoose: (value) => { stop(); set("view", value); } });
  const [leftSub, rightSub] = [element("span", { class: "sub number" }), element("span", { class: "sub number" })];
  const titles = [element("h3", { text: "Function and slope" }), element("h3", { text: "In a network" })];
  const body = element("div", {});
  const onChain = (act) => (count) => header.view === "chain" && act(count); // Keys reach a hidden bar, too.
  const bar = transport({ act: {
    play: () => header.view === "chain" && (playing ? (stop(), release()) : play()),
    step: onChain((count) => { stop(); channel.send({ type: "step", count }); }),
    back: onChain(() => { stop(); channel.send({ type: "rewind", target: "path", index: header.shown - 1 }); }),
    reset: onChain(() => { stop(); channel.send({ type: "reset" }); }),
    rewind: (index) => { stop(); channel.send({ type: "rewind", target: "path", index, moving: true }); },
    rest: release,
  }, pathLabel: "Fit" });
  const controls = controlRow(channel);
  const plain = element("div", { class: "bar-under" });
  const notice = element("div", { class: "notice", role: "status", hidden: true });
  root.append(element("section", { class: "stage activation", "aria-label": "Stage" }, element("h2", { class: "visually-hidden", text: "Stage" }),
    element("div", { class: "panes" },
      element("figure", { class: "pane" }, element("header", {}, titles[0], leftSub, element("span", { class: "end" }, show.root)), curves.root),
      element("figure", { class: "pane", "aria-label": "In a network" }, element("header", {}, titles[1], rightSub, element("span", { class: "end pane-tabs" }, view.root)), body)),
    bar.root, plain, notice));
  adoptClassColours(root);

  function play() {
    playing = true;
    refresh();
    tick();
  }
  function stop() {
    opening = false;
    if (!playing) return;
    playing = false;
    clearTimeout(timer);
    refresh();
  }
  function tick() {
    if (!playing) return;
    if (!channel.busy && !document.hidden) channel.send({ type: "tick" });
    timer = setTimeout(tick, calm() ? CALM_MS : FRAME_MS);
  }
  function refresh() {
    if (header?.view === "chain") bar.update({ playing, full: header.full, diverged: header.diverged, index: header.shown, total: header.total });
  }
  const held = (kind, scene) => (hand?.kind === kind ? { ...scene, ...hand.value } : scene);
  function rightScene() {
    const { view: name } = header;
    const common = { range: header.range, yRange: header.yRange };
    if (name === "neuron") return held("neuron", { ...common, ...header.neuron, plain: data[`f_${header.functions[0].name}`], values: data.neuron });
    if (name === "plane") return held("plane", { ...header.plane, map: data.plane, ramp: divergingRamp(root) });
    if (name === "depth") return { ...header.depth, profiles: header.depth.profiles.map((one) => ({ ...one, norms: data[`n_${one.name}`] })) };
    if (name === "stack") return { ...header.stack, linear: data.linear, values: data.stack };
    if (name === "softmax") return softmaxScene();
    const units = header.chain.units.map((unit, index) => (hand?.kind === "unit" && hand.value.index === index ? hand.value : unit));
    return { ...header.chain, units, target: data.target, values: data.sum, parts: units.map((unit, index) => data[`u_${index}`]) };
  }
  function softmaxScene() {
    const moved = hand?.kind === "score" ? hand.value : { index: null };
    return { ...header.softmax, scores: header.softmax.scores.map((score, index) => (index === moved.index ? moved.z : score)) };
  }
  function draw() {
    if (!header) return;
    const scene = curvesScene(header, data);
    curves.update(hand?.kind === "cursor" ? { ...scene, cursor: hand.value } : scene);
    if (body.firstChild !== panes[header.view].root) body.replaceChildren(panes[header.view].root);
    panes[header.view].update(rightScene());
  }
  return {
    update(next, values) {
      const first = header === null;
      header = next;
      data = slices(header.parts, values);
      if (hand?.released && header.rested && channel.holdsAll(header.ack)) hand = null;
      const chain = header.view === "chain";
      bar.root.hidden = !chain;
      plain.hidden = chain;
      const home = chain ? bar.extras : plain;
      if (!home.contains(controls.root)) home.append(controls.root);
      controls.update(header.controls);
      if (header.view === "softmax") plain.append(panes.softmax.extras);
      else panes.softmax.extras.remove();
      show.update(header.show);
      view.update(header.view);
      leftSub.replaceChildren(...rich(header.leftReading));
      rightSub.replaceChildren(...rich(header.rightReading));
      notice.hidden = !header.notice;
      notice.replaceChildren(...rich(header.notice ?? ""));
      if (header.full || header.diverged) stop();
      if (first) titles.forEach((title, index) => title.after(helpButton(header.help[index], title.textContent)));
      refresh();
      draw();
      root.dataset.frame = header.frame;
      document.dispatchEvent(new CustomEvent("explorer:moved", { detail: header.frame }));
      if (playing) document.dispatchEvent(new CustomEvent("explorer:going", { detail: { address: header.address, page } }));
      if (opening && header.shown >= OPENING_STEPS) { stop(); release(); }
      if (first && header.opening && !calm()) {
        play();
        opening = true;
      }
    },
    redraw() {
      adoptClassColours(root);
      curves.redraw();
      Object.values(panes).forEach((pane) => pane.redraw());
      draw();
    },
    destroy() { stop(); bar.destroy(); },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
