// Does it help? The same training with and without a pipeline, and the verdict over the seeds.

import { cardFrame } from "./card_frame.js";
import { segment, select } from "./controls.js";
import { button, element, put, shape } from "./elements.js";
import { handingOver } from "./handing_over.js";
import { linePlot } from "./line_plot.js";
import { labelled, rich } from "./rich.js";
import { scale, ticks } from "./scales.js";

const LIVE_MS = 500; // Each look costs the runs a little time.
const [WIDTH, HEIGHT, EDGE] = [360, 76, 14];

/** The range of the axis of differences: whole fives around 0 and all that is drawn. */
export function reach({ low, high, each }) {
  const ends = [low, high].map((end) => (Number.isFinite(end) ? end : 0));
  const most = Math.max(1, ...[...ends, ...each].map(Math.abs));
  return Math.min(100, 5 * Math.ceil((most * 1.05) / 5));
}

/** The differences on their axis: a dot for each seed, the mean with its interval. */
function axis(verdict) {
  const far = reach(verdict);
  const x = scale([-far, far], [EDGE, WIDTH - EDGE]);
  const [middle, ground] = [26, 50];
  const whole = verdict.low !== null && verdict.high !== null;
  const at = (value) => x(Math.max(-far, Math.min(far, value)));
  const tick = (value) => shape("text", { x: x(value), y: ground + 18, "text-anchor": "middle", text: value > 0 ? `+${value}` : String(value).replace("-", "−") });
  return shape("svg", { class: "differences", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Difference ${verdict.mean.toFixed(1)} points` },
    shape("line", { class: "ground", x1: EDGE, x2: WIDTH - EDGE, y1: ground, y2: ground }),
    shape("line", { class: "zero", x1: x(0), x2: x(0), y1: 6, y2: ground }),
    ...ticks(-far, far, 5).values.map(tick),
    whole ? shape("line", { class: "whisker", x1: at(verdict.low), x2: at(verdict.high), y1: middle, y2: middle }) : null,
    ...verdict.each.map((value) => shape("circle", { class: "seed-dot", cx: at(value), cy: middle + 14, r: 4 })),
    shape("circle", { class: "mean-dot", cx: at(verdict.mean), cy: middle, r: 6 }));
}

/** A card with its settings, two plots side by side, what they amount to, and ways onward. */
export function augmentRaceCard(channel) {
  const { root, title, end, body } = cardFrame("augment-race");
  const send = (event) => channel.send(event);
  const start = button({ label: "Race", glyph: "play", kind: "primary play", onclick: () => send({ type: "race_start" }) });
  const stop = button({ label: "Stop", glyph: "stop", onclick: () => send({ type: "race_stop" }) });
  const fields = element("div", { class: "race-fields" });
  const done = element("i");
  const rail = element("span", { class: "rail race-progress", role: "progressbar", "aria-label": "Progress of the race", "aria-valuemin": "0", "aria-valuemax": "100" }, done);
  const guess = element("div", { class: "race-guess" });
  const plots = [0, 1].map(() => ({ plot: linePlot({}), name: element("h4"), gap: element("p", { class: "sub gap" }) }));
  const verdict = element("div", { class: "race-verdict", role: "status", hidden: true });
  const trouble = element("p", { class: "refused", role: "alert", hidden: true });
  const stale = element("p", { class: "sub", hidden: true, text: "The curves belong to the pipeline as it was when the race began." });
  const ways = handingOver(send, "Use it in");
  body.append(element("div", { class: "race-top" }, start, stop, fields), rail, guess,
    element("div", { class: "race-plots" }, plots.map(({ plot, name, gap }) => element("figure", {}, name, plot.root, gap))),
    verdict, trouble, stale, ways.root);
  const made = new Map();
  let [layout, said, guessing, timer, card] = ["", "", null, null, null];

  function live() {
    clearTimeout(timer);
    timer = null;
    if (!card?.live) return;
    timer = setTimeout(() => {
      if (!document.hidden && !channel.busy) send({ type: "look", moving: true, target: "race" });
      live();
    }, channel.unhurried(LIVE_MS));
  }
  function showFields(all) {
    const wanted = JSON.stringify(all.map(({ value, ...rest }) => rest));
    if (wanted !== layout) {
      layout = wanted;
      made.clear();
      fields.replaceChildren(...all.map((field) => {
        const onchoose = (value) => send({ type: "set", name: field.name, value });
        const control = select({ label: field.label, options: field.options, onchoose });
        made.set(field.name, control);
        return element("div", { class: "field", "data-field": field.name }, labelled(field.label, field.help), control.root);
      }));
    }
    for (const field of all) {
      made.get(field.name).update(field.value);
      made.get(field.name).root.disabled = card.live;
    }
  }
  function showGuess() {
    guessing ??= segment({ label: "Your guess", small: true, options: card.guesses, onchoose: (value) => send({ type: "guess", value }) });
    if (!guess.childNodes.length) guess.append(element("span", { class: "label", text: "Your guess" }), guessing.root);
    guessing.update(card.guess);
    guess.hidden = !card.guessable;
  }
  function showVerdict() {
    const wanted = JSON.stringify(card.verdict);
    if (wanted === said) return;
    said = wanted;
    verdict.hidden = card.verdict === null;
    if (card.verdict === null) return;
    const { text, detail, word } = card.verdict;
    put(verdict, { "data-word": word });
    verdict.replaceChildren(
      element("div", {}, element("p", {}, rich(text)), element("p", { class: "sub number", text: detail })),
      element("figure", {}, axis(card.verdict), element("figcaption", { class: "sub", text: "Points of validation accuracy, with minus without" })));
  }
  return {
    root,
    update(next, values) {
      card = next;
      title.textContent = card.title;
      end.textContent = [card.note, card.axis].filter(Boolean).join(" · ");
      put(start.querySelector("span"), { text: card.action });
      put(start, { "aria-label": card.action });
      start.disabled = card.live;
      stop.hidden = !card.live;
      put(done, { style: `width:${(100 * card.share).toFixed(1)}%` });
      put(rail, { "aria-valuenow": Math.round(100 * card.share), "data-live": String(card.live) });
      showFields(card.fields);
      showGuess();
      plots.forEach(({ plot, name, gap }, side) => {
        put(name, { text: card.plots[side].title });
        plot.update(card.plots[side], values);
        gap.replaceChildren(...rich(card.gaps[side]));
      });
      showVerdict();
      put(trouble, { text: card.trouble, hidden: !card.trouble });
      stale.hidden = !card.stale;
      ways.update(card.links);
      if (card.live && timer === null) live();
    },
    redraw: () => plots.forEach(({ plot }) => plot.redraw()),
    destroy: () => { clearTimeout(timer); card = null; },
  };
}
