// The pictures of the next run: what they are, where they come from, and one's own.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";

const LOOK_MS = 400;
const SURE_MS = 4000;

/** A card with the facts of a data set, a download with its progress, and a way to upload. */
export function dataCard(channel) {
  const { root, title, end, body } = cardFrame("data-card");
  const name = element("b");
  const sentence = element("p", { class: "data-sentence" });
  const facts = element("dl", { class: "facts" });
  const source = element("a", { target: "_blank", rel: "noreferrer noopener", text: "Where it comes from" });
  const press = button({ label: "Download", glyph: "download", kind: "small primary", onclick: () => channel.send({ type: working ? "cancel_download" : "download" }) });
  const fill = element("i");
  const rail = element("span", { class: "rail", role: "progressbar", "aria-label": "Download", "aria-valuemin": "0", "aria-valuemax": "100" }, fill);
  const reading = element("span", { class: "sub number", role: "status" });
  const coming = element("div", { class: "data-download", hidden: true }, press, element("div", { class: "progress" }, reading, rail));
  const own = button({ label: "Your own pictures", glyph: "plus", kind: "small", title: "A ZIP with a folder for each class, or a CSV such as Sign Language MNIST", onclick: () => channel.send({ type: "import" }) });
  const remove = button({ label: "Delete this set", kind: "small quiet danger", onclick: () => sure() });
  body.append(element("p", {}, name), sentence, facts, source, coming, element("div", { class: "foot" }, own, remove));
  let working = false;
  let timer = null;
  let asked = null;
  let shown = "";

  function sure() {
    const face = remove.querySelector("span");
    if (asked !== null) {
      clearTimeout(asked);
      asked = null;
      face.textContent = "Delete this set";
      channel.send({ type: "delete_set" });
      return;
    }
    face.textContent = "Really delete? Press again";
    asked = setTimeout(() => { asked = null; face.textContent = "Delete this set"; }, SURE_MS);
  }
  /** While bytes come, look how many. */
  function look() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!channel.busy) channel.send({ type: "look_data" });
      look();
    }, LOOK_MS);
    timer.unref?.();
  }
  return {
    root,
    destroy: () => [timer, asked].forEach(clearTimeout),
    update(card) {
      put(title, { text: card.title });
      put(end, { text: card.note });
      put(name, { text: card.name });
      put(sentence, { text: card.sentence });
      const wanted = JSON.stringify(card.facts);
      if (wanted !== shown) {
        shown = wanted;
        facts.replaceChildren(...card.facts.flatMap(([term, value]) => [element("dt", { text: term }), element("dd", { text: value })]));
      }
      source.hidden = !card.source;
      if (card.source) put(source, { href: card.source });
      remove.hidden = !card.deletable;
      coming.hidden = !card.download;
      const before = working;
      working = Boolean(card.download?.working);
      if (working && !before) look();
      if (!working) { clearTimeout(timer); if (before) channel.send({ type: "look_data" }); }
      if (!card.download) return;
      put(press.querySelector("span"), { text: card.download.label });
      put(press, { "aria-label": card.download.label });
      put(reading, { text: card.download.text });
      put(fill, { style: `width:${(100 * card.download.share).toFixed(1)}%` });
      put(rail, { "aria-valuenow": Math.round(100 * card.download.share) });
      rail.hidden = !working;
    },
  };
}
