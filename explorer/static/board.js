// The cards under a stage, each drawn by its own module; each page names those that it has.

import { element } from "./elements.js";
import { sheet } from "./mount.js";
import { helpButton } from "./rich.js";

export const STYLES = await Promise.all([sheet("base.css"), sheet("board.css"), sheet("cards_network.css"), sheet("cards_dashboard.css"), sheet("cards_augmentation.css"), sheet("cards_transfer.css")]);
const FOLLOW_MS = 180;

/** What tells cards apart: their kind, their width and what they explain, then which it is of several. */
export function calledBy(cards) {
  const seen = new Map();
  return cards.map(({ kind, span, help }) => {
    const name = JSON.stringify([kind, span, help ?? null]);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return `${name}${seen.get(name)}`;
  });
}

/** How a board is built; `kinds` holds what builds a card, by its kind. */
export const board = (kinds) => (root, channel) => {
  const grid = element("div", { class: "cards" });
  root.append(element("h2", { class: "visually-hidden", text: "Numbers and explanations" }), grid);
  let cards = [];
  let names = [];
  let shown = null;
  let newest = null;
  let timer = null;

  /** Put up what is wanted. A card that was there stays, and with it a focus and a file on its way. */
  function build(wanted, called) {
    const old = new Map(names.map((name, at) => [name, cards[at]]));
    const dropped = names.filter((name) => !called.includes(name)).map((name) => old.get(name));
    for (const card of dropped) {
      card.destroy?.();
      card.root.remove();
    }
    cards = wanted.map((card, at) => old.get(called[at]) ?? made(card));
    names = called;
    cards.forEach(({ root: one }, at) => {
      one.setAttribute("data-span", wanted[at].span);
      if (grid.children[at] !== one) grid.insertBefore(one, grid.children[at] ?? null);
    });
  }
  function made({ kind, help, title }) {
    const card = kinds[kind](channel);
    if (help) card.root.querySelector("h3").after(helpButton(help, title ?? kind));
    return card;
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
      const called = calledBy(header.cards);
      if (called.join() !== names.join()) build(header.cards, called);
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
