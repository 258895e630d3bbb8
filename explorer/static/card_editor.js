// The layer editor: one row for each layer, its text editable, what comes out of it beside it.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";
import { editorRow } from "./editor_row.js";

const SKIP = /^skip\s*\(([\s\S]*)\)$/;

/** The layers of a text, a skip connection with its brackets as one of them. */
export function layersOf(text) {
  const found = [""];
  let depth = 0;
  for (const sign of text) {
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (sign === ";" && depth <= 0) found.push("");
    else found[found.length - 1] += sign;
  }
  return found.map((one) => one.trim()).filter(Boolean);
}

/** The layers inside a skip connection; null for any other layer. */
export function innerLayers(text) {
  const inside = SKIP.exec(text ?? "");
  return inside ? layersOf(inside[1]) : null;
}

/** The place of every row: [2] is the third layer, [2, 0] the first one inside of it. */
export function places(rows) {
  const counts = [];
  return rows.map(({ depth }) => {
    counts.length = Math.min(counts.length, depth + 1);
    counts[depth] = (counts[depth] ?? -1) + 1;
    return counts.slice(0, depth + 1);
  });
}

/** The text of the layer at a place; undefined where the text has none. */
export function layerAt(texts, [first, ...rest]) {
  return rest.length ? layerAt(innerLayers(texts[first]) ?? [], rest) : texts[first];
}

/**
 * The layers after a change `{act, place, text}`; an impossible change leaves them as they are.
 *
 * "text" replaces a layer, "up" and "down" swap it with its neighbour, "remove" takes it out,
 * "add" puts one behind it, or first with a place of −1. A place inside of a skip connection
 * changes that connection; with its last layer it goes too.
 */
export function edited(texts, { act, place: [first, ...rest], text = "" }) {
  const inner = rest.length ? innerLayers(texts[first]) : null;
  if (rest.length) {
    if (!inner) return texts;
    const left = edited(inner, { act, place: rest, text });
    return texts.toSpliced(first, 1, ...(left.length ? [`skip(${left.join("; ")})`] : []));
  }
  const other = { up: first - 1, down: first + 1 }[act];
  if (other !== undefined) {
    const [low, high] = [Math.min(first, other), Math.max(first, other)];
    return low >= 0 && high < texts.length ? texts.toSpliced(low, 2, texts[high], texts[low]) : texts;
  }
  if (act === "add") return texts.toSpliced(first + 1, 0, ...layersOf(text));
  return first >= 0 && first < texts.length ? texts.toSpliced(first, 1, ...(act === "text" ? layersOf(text) : [])) : texts;
}

/** Where a new layer goes if no row was touched: before a linear layer at the end. */
export const usualPlace = (texts) => [texts.length - (/^linear\b/.test(texts[texts.length - 1] ?? "") ? 2 : 1)];

/** A card with the layers of a network; every change sends the whole text. */
export function editorCard(channel) {
  const { root, title, end, body } = cardFrame("editor-card");
  const heads = ["Layer", "Text", "Output", "Parameters", "Multiply-adds", "Tools"].map((text) => element("th", { scope: "col", class: { "Parameters": "parameters", "Multiply-adds": "work" }[text] }, element("span", { class: text === "Tools" ? "visually-hidden" : null, text })));
  const table = element("table", { class: "editor" }, element("thead", {}, element("tr", {}, heads)));
  const totals = element("div", { class: "totals number" });
  const [parameters, work] = [element("b"), element("b")];
  totals.append(element("span", {}, "Parameters ", parameters), element("span", {}, "Multiply-adds for one picture ", work));
  const refused = element("div", { class: "refused", role: "alert" });
  const where = element("span", { class: "sub" });
  const choices = element("div", { class: "editor-add", role: "group", "aria-label": "Add a layer" });
  body.append(element("div", { class: "editor-scroll" }, table), refused, element("div", { class: "editor-choices" }, where, choices), totals);
  const rows = [];
  let card = null;
  let texts = [];
  let at = []; // The place of each row.
  let here = null; // The row behind which a new layer goes.
  let tried = null; // A text that was sent: {row, text}; shown again if it is refused.
  let wanted = null; // Where the focus goes with the next answer: {place, what}.
  let waiting = false; // The rows stand elsewhere until the answer comes.
  let layout = "";

  function change(one, sent = null, focus = null) {
    const next = edited(texts, one);
    if (waiting || next.join() === texts.join()) return;
    waiting = one.act !== "text";
    texts = next;
    tried = sent;
    wanted = focus;
    channel.send({ type: "spec", text: texts.join("; ") });
  }
  const moved = (place, by) => [...place.slice(0, -1), place[place.length - 1] + by];
  function makeRow(index) {
    const shift = (act, by) => () => change({ act, place: at[index] }, null, { place: moved(at[index], by), what: act });
    const row = editorRow({
      whole: () => layerAt(texts, at[index]) ?? card.rows[index].text,
      commit: (text) => change({ act: "text", place: at[index], text }, { row: index, text }),
      up: shift("up", -1),
      down: shift("down", 1),
      remove: () => change({ act: "remove", place: at[index] }, null, { place: at[index], what: "remove" }),
      touched: () => { if (layerAt(texts, at[index]) !== undefined) { here = at[index]; showPlace(); } },
    });
    table.append(row.root);
    return row;
  }
  function add(text) {
    if (waiting) return;
    const place = here ?? usualPlace(texts);
    change({ act: "add", place, text });
    here = moved(place, 1);
  }
  const rowAt = (place) => (place ? at.findIndex((one) => String(one) === String(place)) : -1);
  function showPlace() {
    const index = rowAt(here ?? usualPlace(texts));
    put(where, { text: index < 0 ? "Add a layer" : `Add behind ${card.rows[index].name}` });
    card.rows.forEach((row, position) => showRow(row, position));
  }
  function showRow(row, index) {
    const place = at[index];
    const refusal = card.refused && tried?.row === index ? { text: tried.text, sentence: card.refused } : null;
    rows[index].update(row, {
      locked: layerAt(texts, place) === undefined, refusal, chosen: here !== null && String(here) === String(place),
      first: place[place.length - 1] === 0, last: layerAt(texts, moved(place, 1)) === undefined,
    });
  }
  function showChoices() {
    const now = JSON.stringify(card.choices);
    if (now === layout) return;
    layout = now;
    choices.replaceChildren(...card.choices.map(([text, label]) => button({ label, name: `Add ${text}`, glyph: "plus", kind: "small", title: text, onclick: () => add(text) })));
  }
  return {
    root,
    update(next) {
      card = next;
      title.textContent = card.title;
      end.textContent = card.note;
      waiting = false;
      texts = layersOf(card.text);
      at = places(card.rows);
      if (!card.refused) tried = null;
      if (here && rowAt(here) < 0) here = null;
      while (rows.length > card.rows.length) rows.pop().root.remove();
      while (rows.length < card.rows.length) rows.push(makeRow(rows.length));
      showChoices();
      showPlace();
      put(refused, { hidden: !card.refused || tried !== null, text: card.refused ?? "" });
      put(parameters, { text: card.totals?.parameters ?? "—" });
      put(work, { text: card.totals?.multiplyAdds ?? "—" });
      const index = rowAt(wanted?.place);
      if (index >= 0) rows[index].focus(wanted.what);
      wanted = null;
    },
  };
}
