// A batch after MixUp or CutMix: each picture with the shares of its new label.

import { cardFrame } from "./card_frame.js";
import { element } from "./elements.js";

/** A card with the pictures of a batch, or the sentence why they cannot be mixed. */
export function mixedCard() {
  const { root, title, end, body } = cardFrame("mixed-card");
  let shown = "";

  const bar = ({ name, share, text }) => element("div", { class: "mixed-share", role: "listitem" },
    element("span", { text: name }), element("span", { class: "mixed-track", "aria-hidden": "true" }, element("i", { style: `width:${(100 * share).toFixed(1)}%` })), element("span", { class: "number", text }));
  const one = ({ src, shares }) => element("figure", {},
    element("img", { class: "pixels", src, alt: shares.map(({ name, text }) => `${text} ${name}`).join(", ") }),
    element("div", { role: "list", "aria-label": "Label" }, shares.map(bar)));
  return {
    root,
    update(card) {
      const key = JSON.stringify(card);
      if (key === shown) return;
      shown = key;
      title.textContent = card.title;
      end.textContent = card.note;
      body.replaceChildren(...(card.refused ? [element("p", { class: "refused", text: card.refused })] : [element("div", { class: "mixed" }, card.pictures.map(one))]));
    },
  };
}
