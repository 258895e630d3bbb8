// The navigation: the product's mark, then every lesson under its heading.

import { arrived } from "./channel.js";
import { watchConnection } from "./connection.js";
import { element, shape } from "./elements.js";
import { letLettersWork, lettersWork } from "./keys.js";
import { mounted, sheet } from "./mount.js";
import { oneEntryForEachPage } from "./one_entry.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("navigation.css")]);
const OVER = 1180;

function mark() {
  return shape("svg", { viewBox: "0 0 26 26", "aria-hidden": "true" },
    shape("rect", { width: 26, height: 26, rx: 7, fill: "var(--accent)" }),
    shape("path", { d: "M5.500 6.500c1.600 8.600 4.300 12.500 7.700 12.500s6-3.400 7.300-9", fill: "none", stroke: "var(--on-accent)", "stroke-width": 2.2, "stroke-linecap": "round", opacity: 0.55 }),
    shape("circle", { cx: 8.2, cy: 14, r: 3.1, fill: "var(--on-accent)" }));
}

/** Whether a click should stay in this tab and be carried out by the server. */
export function plainClick(event) {
  return !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) && event.button === 0;
}

/** Whether single letters drive the page; anybody may switch that off (WCAG 2.2, 2.1.4). */
function letters() {
  const made = element("button", {
    type: "button", class: "letters", role: "switch", "aria-label": "Letter keys",
    title: "L: lecture mode, S: its settings, N: next question, R: new draws",
    onclick: () => { letLettersWork(!lettersWork()); show(); },
  }, "Letter keys", element("kbd", { text: "L S N R", "aria-hidden": "true" }), element("i"));
  const show = () => made.setAttribute("aria-checked", String(lettersWork()));
  show();
  return made;
}

function create(root, channel) {
  const nav = element("nav", { "aria-label": "Lessons" });
  root.append(nav);
  const open = (event, slug) => {
    if (!plainClick(event)) return;
    event.preventDefault();
    channel.send({ type: "open", slug, leaves: true });
    // Up to here the navigation lies over the page: close it when something was chosen.
    if (innerWidth <= OVER) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  const entry = ({ slug, title, built, path = slug }, current, prefix) => (built
    ? element("a", { class: "entry", href: prefix + path, "aria-current": slug === current ? "page" : null, onclick: (event) => open(event, slug) }, title)
    : element("div", { class: "entry coming" }, title, element("small", { text: "coming" })));
  let shown = "";
  oneEntryForEachPage();
  const unwatch = watchConnection(() => channel.send({ type: "refresh" })); // All is drawn anew.
  return {
    destroy: unwatch,
    update({ product, home, groups, current, ack }) {
      const key = `${current}`;
      if (key !== shown || ack === channel.waitingFor) arrived();
      if (key === shown) return;
      shown = key;
      const prefix = new URL(".", location.href).pathname;
      nav.replaceChildren(
        element("div", { class: "brand" }, mark(), product),
        entry(home, current, prefix),
        ...groups.flatMap(({ heading, lessons }) => [element("h2", { text: heading }), ...lessons.map((lesson) => entry(lesson, current, prefix))]),
        letters());
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
