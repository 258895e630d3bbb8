// Predict first: choose, then the run itself answers.

import { cardFrame } from "./card_frame.js";
import { button, element, icon, replaced, shape } from "./elements.js";
import { letterKey } from "./keys.js";
import { rich } from "./rich.js";
import { frame, scale } from "./scales.js";

const DASHES = ["none", "7 4", "1 5"];

/** Curves without a legend of their rates: each is named by a letter at its end. */
export function curvesPicture(curves, width, height) {
  const box = frame(width, height, { left: 8, right: 26, top: 8, bottom: 8 });
  const logs = curves.flat().filter(Number.isFinite).map((value) => Math.log10(Math.max(1e-12, value)));
  const range = [Math.min(...logs), Math.max(...logs) + 1e-9];
  const x = scale([0, curves[0].length - 1], [box.left, box.right]);
  const y = scale(range, [box.bottom, box.top]);
  const level = (value) => y(Math.log10(Math.max(1e-12, Number.isFinite(value) ? value : 10 ** range[1])));
  const ends = curves.map((values, index) => ({ index, at: level(values[values.length - 1]) })).sort((p, q) => p.at - q.at);
  ends.forEach((end, place) => { if (place && end.at < ends[place - 1].at + 15) end.at = ends[place - 1].at + 15; });
  const lines = curves.map((values, index) => shape("polyline", {
    class: "series plain", "stroke-dasharray": DASHES[index % 3], "stroke-linecap": "round",
    points: values.map((value, step) => `${x(step).toFixed(1)},${level(value).toFixed(1)}`).join(" "),
  }));
  const names = ends.map(({ index, at }) => shape("text", { class: "named", x: box.right + 8, y: at + 5, text: "ABC"[index], style: "fill:var(--text)" }));
  return shape("svg", { width, height, role: "img", "aria-label": "Three loss curves named A, B and C, log scale" }, lines, names);
}

/** A card with one question out of several. */
export function questionCard(channel) {
  const { root, title, end, body } = cardFrame("question-card");
  const text = element("p");
  const plot = element("div", { class: "plot question-plot", hidden: true });
  const options = element("div", { role: "group", "aria-label": "Your prediction" });
  const answer = element("p", { class: "answer", role: "status" });
  const foot = element("div", { class: "foot" });
  body.append(text, plot, options, answer, foot);
  let shown = "";
  const onkey = (event) => {
    if (letterKey(event, "n")) channel.send({ type: "next_question" });
  };
  document.addEventListener("keydown", onkey);

  function option(card, words, index) {
    const right = card.answered && index === card.right;
    return element("button", {
      type: "button", class: `option${right ? " right" : ""}`, disabled: card.answered, "aria-pressed": String(index === card.chosen),
      onclick: () => channel.send({ type: "choose", option: index }),
    }, element("span", {}, rich(words)), right ? icon("check", "small") : null);
  }
  function footing(card) {
    const made = [];
    if (!card.answered) {
      made.push(button({ label: card.action, kind: "small", onclick: () => channel.send({ type: "reveal" }) }));
      made[0].disabled = card.chosen === null;
      if (card.chosen === null) made.push(element("span", { class: "sub", text: "Choose first." }));
    } else made.push(button({ label: "Next question", kind: "small", onclick: () => channel.send({ type: "next_question" }) }));
    return made;
  }
  return {
    root,
    destroy: () => document.removeEventListener("keydown", onkey),
    update(card, values, glossary) {
      const key = JSON.stringify(card);
      if (key === shown) return;
      shown = key;
      title.textContent = "Predict first";
      end.textContent = `${card.number} of ${card.total}`;
      text.replaceChildren(...rich(card.text, glossary));
      plot.hidden = !card.curves;
      plot.replaceChildren(...(card.curves ? [curvesPicture(card.curves, plot.clientWidth || body.clientWidth || 300, 130)] : []));
      const kept = replaced(options, card.options.map((words, index) => option(card, words, index)));
      answer.hidden = !card.answered;
      answer.replaceChildren(...rich(card.explanation ?? "", glossary));
      if (!replaced(foot, footing(card)) || !kept) [...options.querySelectorAll("button"), ...foot.querySelectorAll("button")].find((one) => !one.disabled)?.focus({ preventScroll: true });
    },
  };
}
