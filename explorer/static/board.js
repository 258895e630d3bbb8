// The cards under a stage, each drawn by its own module; each page names those that it has.

import { element } from "./elements.js";
import { sheet } from "./mount.js";
import { helpButton } from "./rich.js";

export const STYLES = await Promise.all([sheet("base.css"), sheet("board.css"), sheet("cards_network.css"), sheet("cards_dashboard.css"), sheet("cards_augmentation.css"), sheet("cards_transfer.css")]);
const FOLLOW_MS = 180;

/** How a board is built; `kinds` holds what builds a card, by its kind. */
export const board = (kinds) => (root, channel) => {
  const grid = element("div", { class: "cards" });
  root.append(element("h2", { class: "visually-hidden", text: "Numbers and explanations" }), grid);
  let cards = [];
  let layout = "";
  let shown = null;
  let newest = null;
  let timer = null;

  function build(wanted) {
    cards.forEach((card) => card.destroy?.());
    cards = wanted.map((card) => kinds[card.kind](channel));
    cards.forEach((card, position) => card.root.setAttribute("data-span", wanted[position].span));
    cards.forEach((card, position) => {
      const { help, title } = wanted[position];
      if (help) card.root.querySelector("h3").after(helpButton(help, title ?? wanted[position].kind));
    });
    grid.replaceChildren(...cards.map((card) => card.root));
  }
  /** The stage moves at full speed, the cards follow five times a second, or as often as the server can. */
  const follow = (event) => {
    newest = event.detail;
    timer ??= setTimeout(() => {
      timer = null;
      if (newest !== shown && !channel.busy) channel.send({ type: "refresh" });
    }, channel.unhurried(FOLLOW_MS));
  };
  document.addEventListener("explorer:moved", follow);
  return {
    update(header, values) {
      shown = header.follows ?? header.frame;
      const wanted = header.cards.map((card) => `${card.kind}:${card.span}`).join();
      if (wanted !== layout) {
        layout = wanted;
        build(header.cards);
      }
      header.cards.forEach((card, position) => cards[position].update(card, values, header.glossary));
      root.dataset.frame = header.frame;
    },
    redraw: () => cards.forEach((card) => card.redraw?.()),
    destroy() {
      clearTimeout(timer);
      document.removeEventListener("explorer:moved", follow);
      cards.forEach((card) => card.destroy?.());
    },
  };
};
