// Numbers in the formulas: symbols, the same with numbers, the result.

import { cardFrame } from "./card_frame.js";
import { element } from "./elements.js";
import { rich } from "./rich.js";

/** A card whose rows are `{symbols, numbers, result, detail}`. */
export function formulasCard() {
  const { root, title, end, body } = cardFrame("formulas-card");
  body.className = "formulas";
  const row = ({ symbols, numbers, result, detail }, glossary) => {
    const kind = detail ? " detail" : "";
    return [
      element("span", { class: `symbols${kind}` }, element("span", {}, rich(symbols, glossary))),
      element("span", { class: `numbers number${kind}` }, element("span", {}, "= ", rich(numbers))),
      element("span", { class: `result number${kind}`, text: result }),
    ];
  };
  return {
    root,
    update(card, values, glossary) {
      title.textContent = card.title;
      end.textContent = card.note;
      body.replaceChildren(...card.rows.flatMap((one) => row(one, glossary)));
    },
  };
}
