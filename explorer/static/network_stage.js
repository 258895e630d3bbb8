// The stage of the network builder: networks, their decisions, and a clock that plays them.

import { brushTools } from "./brush_tools.js";
import { segment, slider } from "./controls.js";
import { element } from "./elements.js";
import { calm } from "./motion.js";
import { mounted, sheet } from "./mount.js";
import { networkSide } from "./network_side.js";
import { PlayClock } from "./play_clock.js";
import { labelled, rich } from "./rich.js";
import { adoptClassColours } from "./series_colours.js";
import { transport } from "./transport.js";

const STYLES = await Promise.all(["base.css", "stage.css", "network_diagram.css", "network_stage.css"].map(sheet));
const OPENING_EPOCHS = 60;
const MODES = [["epoch", "Epoch"], ["batch", "Batch"], ["example", "Example"]];

/** The moments of a message: for each, one row of numbers and one reading per side. */
export function cutMoments(header, values) {
  const inputs = header.sides.map((side) => side.columns[0].units.length * side.size * side.size);
  let at = header.points * 5;
  const cut = (count) => values.subarray(at, (at += count));
  const inputMaps = inputs.map(cut);
  const moments = header.moments.map((readings) => readings.map((reading, index) => ({ reading, row: cut(header.sides[index].values) })));
  return { points: values.subarray(0, header.points * 5), inputMaps, moments };
}

/** The speed in words. */
export const speedText = (speed, turbo, mode) => (speed === turbo ? "turbo" : `${speed} ${mode}${mode === "batch" ? "es" : "s"}/s`);

function create(root, channel) {
  const page = location.pathname;
  let header = null;
  let opening = false;
  let painted = 0;
  let sides = [];
  let theme = null;

  const send = (event) => channel.send(event);
  const rest = () => send({ type: "rest" });
  const clock = new PlayClock({ ask: (seconds) => send({ type: "tick", seconds }), paint, calm });
  const tools = brushTools({ send, changed: () => { stop(); draw(); }, colours });
  const halt = (event) => { stop(); send(event); };

  function sideFor(index) {
    const own = (act) => (event) => { if (header.active !== index) send({ type: "side", index }); act(event); };
    const layer = (position, changes) => send({ type: "layer", position, changes, moving: "dropout" in changes, target: `layer${position}` });
    return networkSide({
      choose: () => send({ type: "side", index }),
      diagram: {
        select: own((place) => send({ type: "select", ...place })),
        hover: (place) => header.active === index && send({ type: "hover", target: "hover", moving: true, ...(place ? onlyUsed(place) : {}) }),
        weight: own((event) => send({ type: "weight", target: "weight", ...event })),
        bias: own((event) => send({ type: "bias", target: "bias", ...event })),
        release: rest,
        feature: own((name) => send({ type: "feature", name })),
        units: (position, count) => own(() => send({ type: "units", layer: position, count }))(),
        insertLayer: own((position) => send({ type: "insert_layer", position })),
        look: own((position) => send({ type: "see_function", position, leaves: true })),
        removeLayer: own((position) => send({ type: "remove_layer", position })),
        layer: (position, changes) => own(() => layer(position, changes))(),
        undo: own(() => halt({ type: "undo" })),
      },
      map: {
        probe: (place) => send({ type: "probe", target: "probe", moving: true, ...place }),
        stroke: (event) => send(event),
        release: rest,
      },
    }, tools);
  }
  /** The place of a unit among the inputs that are in use; null for one that is not. */
  function onlyUsed({ column, unit }) {
    if (column > 0) return { column, unit };
    const units = header.sides[header.active].columns[0].units;
    return units[unit].on ? { column, unit: units.slice(0, unit).filter((one) => one.on).length } : {};
  }
  const mode = segment({ label: "Play by", small: true, options: MODES, onchoose: (value) => send({ type: "set", name: "mode", value }) });
  const bar = transport({
    counts: [1], back: true, between: mode.root, unit: "Epoch", pathLabel: "Time machine",
    act: {
      play: () => (clock.playing ? (stop(), rest()) : play()),
      step: (count) => halt({ type: "step", count }),
      back: () => halt({ type: "step", count: -1 }),
      reset: () => halt({ type: "reset" }),
      rewind: (epoch) => { stop(); send({ type: "go_to", target: "time", epoch, moving: true }); },
      rest,
    },
  });
  const speedReading = element("b", { class: "number" });
  const speedName = element("span", { text: "Speed" });
  const speed = slider({
    label: "Speed", left: speedName, right: speedReading, snap: Math.round,
    nudge: (value, direction) => value + direction,
    oninput: (index) => send({ type: "set", target: "speed", name: "speed", value: header.clock.speeds[index], moving: true }),
    onrelease: rest,
    describe: (index) => (header ? speedText(header.clock.speeds[index], header.clock.turbo, header.clock.mode) : ""),
  });
  bar.extras.append(speed.root);
  const list = element("div", { class: "sides" });
  const notice = element("div", { class: "notice", role: "status", hidden: true });
  root.append(element("section", { class: "stage network", "aria-label": "Stage" }, element("h2", { class: "visually-hidden", text: "Stage" }), list, bar.root, notice));
  adoptClassColours(root);
  document.addEventListener("explorer:halt", stop);

  function colours() {
    if (theme) return theme;
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue(name).trim();
    theme = { page: read("--st-background-color"), text: read("--st-text-color"), accent: read("--st-primary-color") };
    return theme;
  }
  function play() {
    if (tools.state.tool !== "look") tools.toggle();
    clock.start();
    refresh();
  }
  function stop() {
    opening = false;
    if (!clock.playing) return;
    clock.stop();
    refresh();
  }
  function refresh() {
    if (!header) return;
    const { epoch, first, last, stopped } = header.clock;
    bar.update({ playing: clock.playing, full: header.data.cleared, diverged: stopped, index: epoch, first, total: last });
  }
  let current = null;
  function draw() {
    if (!header) return;
    sides.forEach((side, index) => side.update(header, index, current.points, current.inputMaps[index]));
    sides.forEach((side, index) => tools.update(side.legend, header.data, index === header.active ? header.peek : null, index === 0));
  }
  function paint(moment) {
    moment.forEach(({ reading, row }, index) => sides[index]?.paint(row, reading, header.map));
    const { epoch, step } = moment[0].reading;
    const key = `${epoch}:${step}`;
    if (root.dataset.moment !== key) painted += 1;
    root.dataset.moment = key;
    root.dataset.painted = painted;
  }
  function settings() {
    const { speeds, speed: now, turbo, mode: by } = header.clock;
    mode.update(by);
    speed.update({ value: speeds.indexOf(now), minimum: 0, maximum: speeds.length - 1 });
    speedReading.textContent = speedText(now, turbo, by);
  }
  return {
    update(next, values) {
      const first = header === null;
      const anew = !first && JSON.stringify(next.sides.map((side) => [side.values, side.size, side.columns])) !== JSON.stringify(header.sides.map((side) => [side.values, side.size, side.columns]));
      header = { ...next, rested: next.rested && channel.holdsAll(next.ack) };
      current = cutMoments(header, values);
      if (anew) clock.stored = []; // Moments of another network cannot be painted any more.
      if (sides.length !== header.sides.length) {
        sides.forEach((side) => side.destroy());
        sides = header.sides.map((_, index) => sideFor(index));
        list.replaceChildren(...sides.map((side) => side.root));
        list.dataset.count = sides.length;
      }
      if (first) {
        bar.explain(header.help.time);
        speedName.replaceChildren(labelled("Speed", header.help.speed));
      }
      settings();
      draw();
      if (header.clock.stopped || header.data.cleared) stop();
      clock.receive(current.moments, header.clock);
      refresh();
      const said = header.replaying ? `Playing the run of this link again: epoch ${header.clock.epoch} of ${header.replaying}.` : header.notice;
      if (notice.__said !== said) {
        notice.__said = said;
        notice.hidden = !said;
        notice.replaceChildren(...rich(said ?? ""));
      }
      if (header.replaying) send({ type: "replay" });
      root.dataset.frame = header.frame;
      document.dispatchEvent(new CustomEvent("explorer:moved", { detail: header.frame }));
      if (clock.playing) document.dispatchEvent(new CustomEvent("explorer:going", { detail: { address: header.address, page } }));
      if (opening && header.clock.epoch >= OPENING_EPOCHS) { stop(); rest(); }
      if (first && header.opening && !calm()) {
        play();
        opening = true;
      }
    },
    redraw() {
      theme = null;
      adoptClassColours(root);
      draw(); // Points and border are drawn in colours of the theme.
      sides.forEach((side) => side.redraw());
    },
    destroy() { document.removeEventListener("explorer:halt", stop); stop(); bar.destroy(); sides.forEach((side) => side.destroy()); },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
