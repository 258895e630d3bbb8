// How often each class is read right, with the interval in which the truth may lie.

import { cardFrame } from "./card_frame.js";
import { element, put } from "./elements.js";
import { fixed } from "./numbers.js";

/** Where the axis begins: 0, or the tenth below all intervals once they lie above a half. */
export function axisStart(rows) {
  const least = Math.min(1, ...rows.filter(({ total }) => total > 0).map(({ low }) => low));
  return least > 0.5 && least < 1 ? Math.floor(10 * least - 1e-9) / 10 : 0;
}

/** How far along an axis from `start` to 1 a share lies, in percent. */
export const along = (share, start) => Math.min(100, Math.max(0, (100 * (share - start)) / (1 - start)));

const percent = (share) => fixed(100 * share, 1);

/** A card with one bar for each class; a whisker spans its interval. */
export function classesCard() {
  const { root, title, end, body } = cardFrame("classes-card");
  const list = element("div", { class: "class-rows", role: "list" });
  const scale = element("p", { class: "sub" });
  body.append(list, scale);
  const made = [];

  function makeRow() {
    const [name, bar, whisker, share, count] = [element("b"), element("i"), element("u"), element("span", { class: "number" }), element("span", { class: "number count" })];
    const line = element("div", { class: "class-row", role: "listitem" }, name, element("span", { class: "class-bar", "aria-hidden": "true" }, bar, whisker), share, count);
    list.append(line);
    return { line, name, bar, whisker, share, count };
  }
  function show(one, { name, right, total, share, low, high }, start) {
    const known = total > 0;
    const [left, to] = known ? [along(low, start), along(high, start)] : [0, 0];
    put(one.line, { title: known ? `${name}: 95 % interval ${percent(low)} to ${percent(high)} %` : null });
    put(one.name, { text: name });
    put(one.bar, { style: `width:${known ? along(share, start).toFixed(1) : 0}%` });
    put(one.whisker, { style: `left:${left.toFixed(1)}%;width:${(to - left).toFixed(1)}%`, hidden: !known });
    put(one.share, { text: known ? `${percent(share)} %` : "—" });
    put(one.count, { text: known ? `${right.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}` : "no pictures" });
  }
  return {
    root,
    update(card) {
      title.textContent = card.title;
      end.textContent = card.note;
      const start = axisStart(card.rows);
      while (made.length > card.rows.length) made.pop().line.remove();
      while (made.length < card.rows.length) made.push(makeRow());
      card.rows.forEach((row, index) => show(made[index], row, start));
      put(scale, { text: `Axis from ${fixed(100 * start, 0)} to 100 %; whiskers: 95 % interval.` });
    },
  };
}
