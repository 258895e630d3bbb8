// The test set: one button, one answer with its interval, and how often it was asked.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";
import { rich } from "./rich.js";

/** Where a share lies on an axis that begins a little below the interval, 0 to 100. */
export function place(share, low) {
  const start = Math.max(0, Math.floor(20 * (low - 0.03)) / 20);
  return (100 * (share - start)) / (1 - start);
}

/** A card that asks the test set on a click. */
export function testCard(channel) {
  const { root, title, end, body } = cardFrame("test-card");
  const number = element("b", { class: "test-number number" });
  const band = element("u");
  const mark = element("i");
  const axis = element("span", { class: "test-axis", "aria-hidden": "true" }, band, mark);
  const detail = element("p", { class: "sub number" });
  const answer = element("div", { class: "test-answer", role: "status", hidden: true }, number, axis, detail);
  const words = element("p", { class: "test-words" });
  const press = button({ label: "Ask", kind: "small", onclick: ask });
  body.append(answer, words, element("div", { class: "foot" }, press));
  let said = "";
  let asking = false;

  function ask() {
    asking = true;
    press.disabled = true;
    press.querySelector("span").textContent = "Asking …";
    channel.send({ type: "ask_test" });
  }
  return {
    root,
    update(card) {
      put(title, { text: card.title });
      put(end, { text: card.note });
      answer.hidden = !card.answer;
      if (card.answer) {
        const { accuracy, text, share, low, high } = card.answer;
        put(number, { text: accuracy });
        put(detail, { text });
        put(band, { style: `left:${place(low, low).toFixed(1)}%;width:${(place(high, low) - place(low, low)).toFixed(1)}%` });
        put(mark, { style: `left:${place(share, low).toFixed(1)}%` });
      }
      if (said !== card.words) {
        said = card.words;
        words.replaceChildren(...rich(card.words));
      }
      asking = false;
      press.querySelector("span").textContent = card.action;
      press.setAttribute("aria-label", card.action);
      press.disabled = !card.enabled || asking;
      press.className = `button small${card.again ? " quiet" : ""}`;
      press.title = card.enabled ? "" : "When the run has ended";
    },
  };
}
