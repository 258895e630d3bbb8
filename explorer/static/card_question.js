// Predict first: choose, then the run itself answers.

import { cardFrame } from "./card_frame.js";
import { button, element, icon } from "./elements.js";
import { rich } from "./rich.js";

/** A card with one question out of several. */
export function questionCard(channel) {
  const { root, title, end, body } = cardFrame("question-card");
  const text = element("p");
  const options = element("div", { role: "group", "aria-label": "Your prediction" });
  const answer = element("p", { class: "answer", role: "status" });
  const foot = element("div", { class: "foot" });
  body.append(text, options, answer, foot);
  let shown = "";

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
    update(card, values, glossary) {
      const key = JSON.stringify(card);
      if (key === shown) return;
      shown = key;
      title.textContent = "Predict first";
      end.textContent = `${card.number} of ${card.total}`;
      text.replaceChildren(...rich(card.text, glossary));
      options.replaceChildren(...card.options.map((words, index) => option(card, words, index)));
      answer.hidden = !card.answered;
      answer.replaceChildren(...rich(card.explanation ?? "", glossary));
      foot.replaceChildren(...footing(card));
    },
  };
}
