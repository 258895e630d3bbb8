// The table of points, editable in place.

import { cardFrame } from "./card_frame.js";
import { element, icon, put } from "./elements.js";
import { fixed } from "./numbers.js";
import { rich } from "./rich.js";

/** A card with x, y, ŷ, ŷ − y and the cost of every point. */
export function tableCard(channel) {
  const { root, title, end, body } = cardFrame("table-card");
  const head = element("tr");
  const list = element("tbody");
  const rows = element("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "Table of points" }, element("table", {}, element("thead", {}, head), list));
  const totals = element("div", { class: "totals number" });
  const refused = element("div", { class: "refused", role: "alert", hidden: true });
  const add = element("button", { type: "button", class: "button quiet small", onclick: () => channel.send({ type: "append" }) }, icon("plus", "small"), "Point");
  root.append(rows, refused, totals);
  body.remove();
  let editing = null;

  function edit(cell, index, column, text) {
    if (editing) return;
    const input = element("input", { value: text.replace("−", "-"), "aria-label": `${column} of point ${index + 1}`, inputmode: "decimal" });
    editing = { index, column };
    const finish = (keep) => {
      if (!editing) return;
      editing = null;
      if (keep && input.value !== text) channel.send({ type: "cell", index, column, text: input.value });
      input.replaceWith(cell);
      cell.focus();
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      // The focus moves to the cell: this key would press it and open the field again.
      event.preventDefault();
      finish(event.key === "Enter");
    });
    input.addEventListener("blur", () => finish(true));
    cell.replaceWith(input);
    input.select();
  }
  function cellButton(text, index, column) {
    const cell = element("button", { type: "button", class: "cell", text, title: "Click to edit" });
    cell.addEventListener("click", () => edit(cell, index, column, cell.textContent));
    return cell;
  }
  function makeRow(index) {
    const parts = { x: cellButton("", index, "x"), y: cellButton("", index, "y"), prediction: element("td"), residual: element("td"), bar: element("i"), cost: element("span") };
    const remove = element("button", { type: "button", "aria-label": `Remove point ${index + 1}`, onclick: () => channel.send({ type: "remove", index }) }, icon("cross", "small"));
    const tr = element("tr", {}, element("td", {}, parts.x), element("td", {}, parts.y), parts.prediction, parts.residual, element("td", { class: "bar" }, parts.bar, parts.cost), element("td", { class: "tool" }, remove));
    return { tr, ...parts };
  }
  const made = [];
  return {
    root,
    update(card) {
      title.textContent = card.title;
      if (!end.contains(add)) end.replaceChildren(element("span", { text: "Click a number to edit " }), add);
      head.replaceChildren(...card.columns.map((name) => element("th", { scope: "col" }, rich(name))), element("th", { scope: "col" }, element("span", { class: "visually-hidden", text: "Tools" })));
      while (made.length > card.rows.length) made.pop().tr.remove();
      while (made.length < card.rows.length) {
        const one = makeRow(made.length);
        made.push(one);
        list.append(one.tr);
      }
      const largest = Math.max(...card.rows.map((row) => row[4]), 1e-300);
      card.rows.forEach(([x, y, prediction, residual, cost], index) => {
        const one = made[index];
        const sign = residual < 0 ? "neg" : "pos";
        for (const [column, value] of Object.entries({ x, y })) put(one[column], { text: value, "aria-label": `${column} of point ${index + 1}: ${value}` });
        one.prediction.textContent = fixed(prediction);
        one.residual.textContent = `${residual < 0 ? "" : "+"}${fixed(residual)}`;
        one.residual.className = residual < 0 ? "negative" : "positive";
        one.bar.style.width = `calc(${((cost / largest) * 100).toFixed(1)}% - 16px)`;
        one.bar.style.background = `var(--${sign})`;
        one.cost.textContent = fixed(cost);
      });
      totals.replaceChildren(...card.totals.map(([name, value]) => element("span", {}, `${name} `, element("b", { text: value }))), element("span", { class: "sub", text: card.least }));
      refused.hidden = !card.refused;
      refused.textContent = card.refused ?? "";
    },
  };
}
