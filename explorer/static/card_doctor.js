// The doctor: one sentence that names what and where, one button that mends it.

import { cardFrame } from "./card_frame.js";
import { button, element, icon, put, replaced } from "./elements.js";
import { rich } from "./rich.js";

/** A card with the most important finding; healthy is shown too. */
export function doctorCard(channel) {
  const { root, title, body } = cardFrame("doctor");
  put(body, { role: "status" }); // It stands before its words change: only then are they read out.
  put(root, { tabindex: "-1" });
  let shown = "";
  return {
    root,
    update(card, values, glossary) {
      const key = JSON.stringify(card);
      if (key === shown) return;
      shown = key;
      title.textContent = "Doctor";
      const note = element("div", { class: `note${card.level === "ok" ? " ok" : ""}` }, icon(card.level === "ok" ? "check" : "pulse"), element("span", {}, rich(card.text, glossary)));
      const remedy = card.remedy ? button({ label: card.remedy, onclick: () => channel.send({ type: "remedy" }) }) : null;
      if (!replaced(body, [note, ...(remedy ? [remedy] : [])])) root.focus({ preventScroll: true });
    },
  };
}
