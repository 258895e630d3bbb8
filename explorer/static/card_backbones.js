// The backbones: what each is worth, how large it is, and how it comes here.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";
import { fileSender } from "./pieces.js";

/** A card with one row for each backbone and a button for weights of one's own. */
export function backbonesCard(channel) {
  const { root, title, end, body } = cardFrame("backbones-card");
  const list = element("div", { class: "backbone-rows" });
  const text = element("p", { class: "sub" });
  const refused = element("p", { class: "refused", role: "alert", hidden: true });
  const input = element("input", { type: "file", accept: ".pth,.pt,.bin,.safetensors", class: "visually-hidden", "aria-label": "File with weights", tabindex: "-1" });
  const own = button({ label: "Own weights", glyph: "plus", kind: "small", title: "A safetensors file, or a state_dict of one of these networks", onclick: () => input.click() });
  body.append(list, text, element("div", { class: "foot" }, own, input), refused);
  const made = new Map();
  let setting = "";
  const sender = fileSender(channel, { type: "weights", input });

  function makeRow(name) {
    const [label, detail, state, fill] = [element("b"), element("span", { class: "sub" }), element("span", { class: "sub number" }), element("i")];
    const use = element("button", { type: "button", class: "backbone-name", onclick: () => channel.send({ type: "set", target: setting, name: setting, value: name }) }, label);
    const get = button({ label: "Download", glyph: "download", kind: "small", onclick: () => channel.send({ type: get.dataset.act, name }) });
    const bar = element("span", { class: "backbone-bar", "aria-hidden": "true" }, fill);
    const line = element("div", { class: "backbone-row" }, element("div", {}, use, detail), state, get, bar);
    list.append(line);
    made.set(name, { line, use, label, detail, state, get, bar, fill });
  }
  return {
    root,
    update(card) {
      setting = card.setting;
      own.parentElement.hidden = !card.own;
      title.textContent = card.title;
      end.textContent = card.note;
      for (const row of card.rows) {
        if (!made.has(row.name)) makeRow(row.name);
        const one = made.get(row.name);
        put(one.line, { class: `backbone-row${row.chosen ? " chosen" : ""}${row.here ? "" : " away"}` });
        put(one.use, { "aria-pressed": String(row.chosen), title: row.sentence });
        one.use.disabled = !row.here;
        put(one.label, { text: row.label });
        put(one.detail, { text: row.detail });
        put(one.state, { text: row.state, title: row.why });
        put(one.get, { hidden: row.here, "data-act": `${row.loading ? "cancel" : "download"}_${card.setting === "backbone" ? "backbone" : "set"}`, "aria-label": row.loading ? `Cancel the download of ${row.label}` : `Download ${row.label}, ${row.size}` });
        put(one.get.querySelector("span"), { text: row.loading ? "Cancel" : row.size });
        put(one.bar, { hidden: row.share === null });
        put(one.fill, { style: `width:${(100 * (row.share ?? 0)).toFixed(1)}%` });
      }
      put(text, { text: card.text });
      put(refused, { text: card.refused ?? "", hidden: !card.refused });
      own.disabled = sender.busy;
      sender.pump();
    },
  };
}
