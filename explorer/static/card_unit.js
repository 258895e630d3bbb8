// The weights and the bias of one unit, as bars and as numbers that can be changed.

import { cardFrame } from "./card_frame.js";
import { editable } from "./editable.js";
import { element, put } from "./elements.js";
import { rich } from "./rich.js";

/** Left edge and width of a bar that grows from the middle, in percent. */
export function bar(value, largest) {
  const half = Math.min(50, (Math.abs(value) / Math.max(largest, 1e-9)) * 50);
  return { left: value < 0 ? 50 - half : 50, width: half };
}

/** A name as its letter and its index, which stands below: "w₁₂" is "w" and "12". */
export function indexed(name) {
  const [, letter, index] = /^(.*?)([₀-₉]*)$/.exec(name);
  return { letter, index: index.replace(/./g, (digit) => "₀₁₂₃₄₅₆₇₈₉".indexOf(digit)) };
}

/** A card with one row for each weight, and the bias. */
export function unitCard(channel) {
  const { root, title, end, body } = cardFrame("unit-card");
  const list = element("div", { class: "unit-rows", role: "group", "aria-label": "Weights and bias" });
  const formula = element("div", { class: "unit-formula number" });
  const empty = element("p", { class: "sub", hidden: true });
  body.append(list, empty, formula);
  const made = [];
  let card = null;
  let named = "";

  function makeRow(index) {
    const [letter, below] = [element("span", { class: "math" }), element("sub")];
    const name = element("span", {}, letter, below);
    const fill = element("i");
    const send = (value) => {
      const one = card.weights[index];
      const what = one ? { type: "weight", target: "weight", source: one.source } : { type: "bias", target: "bias" };
      channel.send({ ...what, layer: card.layer, to: card.to, value, moving: true });
    };
    const number = editable({ label: "", change: send, done: () => channel.send({ type: "rest" }) });
    const line = element("div", { class: "unit-row" }, name, element("span", { class: "unit-bar", "aria-hidden": "true" }, fill), number.root);
    list.append(line);
    return { line, name, letter, below, fill, number };
  }
  return {
    root,
    update(next) {
      card = next;
      title.textContent = card.title;
      end.textContent = card.note;
      empty.hidden = !card.empty;
      put(empty, { text: card.empty ?? "" });
      list.hidden = formula.hidden = Boolean(card.empty);
      const rows = card.empty ? [] : [...card.weights.map(({ name, from, value }) => ({ name, from, value })), { name: "b", from: "bias", value: card.bias }];
      while (made.length > rows.length) made.pop().line.remove();
      while (made.length < rows.length) made.push(makeRow(made.length));
      const largest = Math.max(1, ...rows.map(({ value }) => Math.abs(value)));
      rows.forEach(({ name, from, value }, index) => {
        const one = made[index];
        const parts = indexed(name);
        put(one.name, { title: from });
        put(one.letter, { text: parts.letter });
        put(one.below, { text: parts.index });
        put(one.number.root.firstChild, { "aria-label": `${name}, ${name === "b" ? "" : "from "}${from}` });
        const { left, width } = bar(value, largest);
        put(one.fill, { style: `left:${left.toFixed(1)}%;width:${width.toFixed(1)}%;background:var(--${value < 0 ? "neg" : "pos"})` });
        one.number.update(value);
      });
      const words = card.empty ? "" : `${card.formula}: ${card.numbers} = **${card.result}**`;
      if (words !== named) {
        named = words;
        formula.replaceChildren(...rich(words));
      }
    },
  };
}
