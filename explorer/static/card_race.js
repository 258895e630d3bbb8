// A race: how many samples a second each device or setting manages.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";

/** A rate as it is read: grouped whole numbers from 100 on, three digits below. */
export const rateText = (value) => (value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3))));

/** A card with a bar for each measured row and a button that measures. */
export function raceCard(channel) {
  const { root, title, end, body } = cardFrame("race-card");
  const list = element("div", { class: "race-rows", role: "list" });
  const text = element("p", { class: "sub" });
  const press = button({ label: "Measure", kind: "small", onclick: () => channel.send({ type: "race" }) });
  body.append(list, text, element("div", { class: "foot" }, press));
  const made = [];

  function makeRow() {
    const [name, number, fill] = [element("span", { class: "race-name" }), element("span", { class: "number" }), element("i")];
    const line = element("div", { class: "race-row", role: "listitem" }, name, number, element("span", { class: "race-bar", "aria-hidden": "true" }, fill));
    list.append(line);
    return { line, name, number, fill };
  }
  return {
    root,
    update(card) {
      title.textContent = card.title;
      end.textContent = card.note;
      while (made.length > card.rows.length) made.pop().line.remove();
      while (made.length < card.rows.length) made.push(makeRow());
      card.rows.forEach((row, index) => {
        const one = made[index];
        put(one.line, { class: `race-row${row.best ? " best" : ""}` });
        put(one.name, { text: row.name });
        put(one.number, { text: row.value === null ? "not measured" : `${rateText(row.value)} ${row.unit}` });
        put(one.fill, { style: `width:${(100 * Math.min(1, Math.max(0, row.width))).toFixed(1)}%` });
      });
      put(text, { hidden: !card.text, text: card.text ?? "" });
      press.parentElement.hidden = !card.action && !card.running;
      press.disabled = Boolean(card.running);
      put(press.querySelector("span"), { text: card.running ? "Measuring…" : card.action ?? "" });
    },
  };
}
