// Tabs in the heading of a card, which set one setting of the page.

import { segment } from "./controls.js";

/** Build tabs that are remade only when their names change; they set `name`. */
export function tabs(channel, name, label) {
  let layout = "";
  let made = null;
  return (holder, options, value) => {
    const wanted = JSON.stringify(options);
    if (wanted !== layout) {
      layout = wanted;
      made = options.length > 1 ? segment({ label, small: true, options, onchoose: (chosen) => channel.send({ type: "set", target: name, name, value: chosen }) }) : null;
      holder.replaceChildren(...(made ? [made.root] : []));
    }
    made?.update(value);
  };
}
