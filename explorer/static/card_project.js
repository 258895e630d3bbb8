// A project as one file: saved, and opened again.

import { cardFrame } from "./card_frame.js";
import { button, element, put } from "./elements.js";
import { fileSender } from "./pieces.js";

/** A card that opens a project file, and starts afresh. */
export function projectCard(channel) {
  const { root, title, end, body } = cardFrame("project-card");
  const text = element("p", { class: "sub" });
  const refused = element("p", { class: "refused", role: "alert", hidden: true });
  const input = element("input", { type: "file", accept: ".zip,application/zip", class: "visually-hidden", "aria-label": "Project file", tabindex: "-1" });
  const open = button({ label: "Open a project", glyph: "plus", kind: "small", onclick: () => input.click() });
  const shelf = button({ label: "Take the pictures of the augmentation page", glyph: "copy", kind: "small", onclick: () => channel.send({ type: "from_shelf" }) });
  const aside = button({ label: "Bring back earlier pictures", glyph: "undo", kind: "small", onclick: () => channel.send({ type: "take_back" }) });
  body.append(text, element("div", { class: "foot" }, open, shelf, aside, input), refused);
  const sender = fileSender(channel, { type: "project", input });
  return {
    root,
    update(card) {
      title.textContent = card.title;
      end.textContent = card.note;
      put(text, { text: card.text });
      put(shelf, { hidden: !card.shelf, title: card.shelf ?? "" });
      put(aside, { hidden: !card.aside, title: card.aside ? `${card.aside}, put aside; what is here now takes their place there` : "" });
      put(refused, { text: card.refused ?? "", hidden: !card.refused });
      open.disabled = sender.busy;
      sender.pump();
    },
  };
}
