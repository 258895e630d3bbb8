// What the first layer looks for, and what each layer finds in a picture, epoch by epoch.

import { cardFrame } from "./card_frame.js";
import { tabs } from "./card_tabs.js";
import { select, slider } from "./controls.js";
import { button, element, put } from "./elements.js";
import { nearest } from "./line_plot.js";

/** A card with small pictures and a slider over the epochs that were kept. */
export function filtersCard(channel) {
  const { root, title, end, body } = cardFrame("filters-card");
  const show = tabs(channel, "filter_tab", "Pictures of the first layer");
  const note = element("span", { class: "sub" });
  const holder = element("span");
  title.after(note);
  const [seen, seenWords] = [element("img", { class: "pixels", alt: "The picture that is read" }), element("figcaption", { text: "input" })];
  const another = button({ label: "Another", name: "Another validation picture", kind: "small quiet", onclick: () => channel.send({ type: "next_picture" }) });
  const input = element("figure", { class: "filters-input", hidden: true }, seen, seenWords, another);
  const empty = element("p", { class: "sub", hidden: true });
  const choice = element("span", { class: "filters-layer" });
  let layers = null;
  let layout = "";
  const grid = element("div", { class: "filters-grid", role: "list" });
  const reading = element("b", { class: "number" });
  const name = element("span", { text: "Epoch" });
  let card = null;
  const time = slider({
    label: "Epoch", left: name, right: reading, snap: Math.round,
    nudge: (value, direction, large) => value + direction * (large ? 5 : 1),
    oninput: (index) => {
      write(card.epochs[index]);
      channel.send({ type: "filter_epoch", epoch: card.epochs[index], moving: true, target: "filter_epoch" });
    },
    onrelease: () => channel.send({ type: "rest" }),
    describe: (index) => `epoch ${card?.epochs[index] ?? index}`,
  });
  end.append(choice, holder);
  body.append(empty, element("div", { class: "filters" }, input, grid), time.root);
  const made = [];

  const write = (epoch) => put(reading, { text: `${epoch} of ${card.epochs[card.epochs.length - 1]}` });
  function makePicture(index) {
    const image = element("img", { class: "pixels" });
    const tile = element("span", { role: "listitem" }, image);
    grid.append(tile);
    return { tile, image, number: index + 1 };
  }
  /** The list of layers, remade only when there are others. */
  function offer(options, value) {
    if (JSON.stringify(options) !== layout) {
      layout = JSON.stringify(options);
      layers = options.length ? select({ label: "Layer", options, onchoose: (name) => channel.send({ type: "set", target: "layer", name: "layer", value: name }) }) : null;
      choice.replaceChildren(...(layers ? [layers.root] : []));
    }
    layers?.update(value);
  }
  return {
    root,
    update(next) {
      card = next;
      title.textContent = card.title;
      note.textContent = card.note;
      show(holder, card.tabs, card.tab);
      const maps = card.tab === "maps";
      const wanted = maps ? card.maps : card.filters;
      while (made.length > wanted.length) made.pop().tile.remove();
      while (made.length < wanted.length) made.push(makePicture(made.length));
      wanted.forEach(({ src }, index) => put(made[index].image, { src, alt: `${maps ? "Feature map" : "Filter"} ${made[index].number}` }));
      put(input, { hidden: !(maps && card.picture) });
      offer(card.layers ?? [], card.layer);
      put(empty, { hidden: !card.empty, text: card.empty ?? "" });
      if (card.picture) {
        put(seen, { src: card.picture.src });
        put(seenWords, { text: card.picture.words ?? "input" });
      }
      time.root.hidden = card.epochs.length < 2;
      if (!card.epochs.length) return;
      time.update({ value: nearest(card.epochs, card.epoch), minimum: 0, maximum: card.epochs.length - 1 });
      write(card.epochs[time.track.getAttribute("aria-valuenow")]); // Under the hand, where the hand is.
    },
  };
}
