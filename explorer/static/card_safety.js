// Whether the label is still true: steps that can change it, and digits that were misread.

import { cardFrame } from "./card_frame.js";
import { button, element, icon, put, replaced } from "./elements.js";
import { rich } from "./rich.js";

/** A card with one line for each step, and pairs of pictures before and after. */
export function safetyCard(channel) {
  const { root, title, end, body } = cardFrame("safety-card");
  put(root, { tabindex: "-1" });
  let shown = "";

  const line = ({ step, at, text }) => element("li", {}, element("span", {}, element("b", { text: step }), ` ${text}`),
    button({ label: "Switch off", name: `Switch ${step} off`, kind: "small", onclick: () => channel.send({ type: "switch", at, on: false }) }));
  const pixels = (src, words) => element("img", { class: "pixels", src, alt: words });
  const arrow = () => element("span", { class: "becomes", "aria-hidden": "true", text: "→" });
  const pair = ({ before, after, words, detail }, glossary) => element("figure", {},
    element("div", {}, pixels(before, "before"), arrow(), pixels(after, "after")),
    element("figcaption", {}, element("span", {}, rich(words, glossary)), element("span", { class: "number", text: detail })));
  return {
    root,
    update(card, values, glossary) {
      const key = JSON.stringify(card);
      if (key === shown) return;
      shown = key;
      title.textContent = card.title;
      end.textContent = card.note;
      const rows = card.rows.length ? element("ul", { class: "safety-rows" }, card.rows.map(line)) : element("div", { class: "note ok" }, icon("check"), element("span", { text: card.empty }));
      const kept = replaced(body, [rows,
        ...(card.pairs.length ? [element("div", { class: "pairs" }, card.pairs.map((one) => pair(one, glossary)))] : []),
        ...(card.foot ? [element("p", { class: "sub safety-foot", text: card.foot })] : [])]);
      if (!kept) root.focus({ preventScroll: true });
    },
  };
}
