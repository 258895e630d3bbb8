// Learning curves on a card; a click goes to that epoch.

import { cardFrame } from "./card_frame.js";
import { tabs } from "./card_tabs.js";
import { element } from "./elements.js";
import { linePlot } from "./line_plot.js";

/** A card with curves over the epochs. */
export function linesCard(channel) {
  const { root, title, end, body } = cardFrame("lines-card");
  const show = tabs(channel, "curve", "Curve");
  const note = element("span", { class: "sub" });
  const holder = element("span");
  end.append(holder);
  title.after(note);
  const go = (epoch) => {
    document.dispatchEvent(new CustomEvent("explorer:halt")); // Who goes back wants to look.
    channel.send({ type: "go_to", epoch: Math.round(epoch) });
  };
  const plot = linePlot({ go });
  body.replaceWith(plot.root);
  return {
    root,
    redraw: plot.redraw,
    update(card, values) {
      title.textContent = card.title;
      note.textContent = card.note;
      show(holder, card.tabs, card.tab);
      plot.update(card, values);
    },
  };
}
