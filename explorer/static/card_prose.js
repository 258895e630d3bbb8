// What the page means, in short paragraphs.

import { cardFrame } from "./card_frame.js";
import { element } from "./elements.js";
import { rich } from "./rich.js";

/** A card of paragraphs with terms that explain themselves. */
export function proseCard() {
  const { root, title, body } = cardFrame("prose-card");
  body.className = "prose";
  let shown = "";
  return {
    root,
    update(card, values, glossary) {
      const key = card.paragraphs.join("\n");
      if (key === shown) return;
      shown = key;
      title.textContent = card.title;
      body.replaceChildren(...card.paragraphs.map((text) => element("p", {}, rich(text, glossary))));
    },
  };
}
