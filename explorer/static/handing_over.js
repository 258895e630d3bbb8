// Links to the pages that take a pipeline: a plain click takes it along, a new tab has it in its address.

import { element } from "./elements.js";
import { plainClick } from "./navigation.js";

/** Build the links; `send` takes the gesture, `lead` are the words before them. */
export function handingOver(send, lead = "") {
  const root = element("div", { class: "ways" });
  let shown = "";
  const way = ({ slug, label, name, text }) => element("a", {
    class: "button small", href: `${slug}?augment=${encodeURIComponent(text)}`, "data-slug": slug, text: label, "aria-label": name, title: name,
    onclick: (event) => {
      if (!plainClick(event)) return;
      event.preventDefault();
      send({ type: "hand_over", slug, leaves: true });
    },
  });
  return {
    root,
    update(links) {
      const wanted = JSON.stringify(links);
      if (wanted === shown) return;
      shown = wanted;
      root.replaceChildren(...(lead ? [element("span", { class: "sub", text: lead })] : []), ...links.map(way));
    },
  };
}
