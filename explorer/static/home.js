// The home page: the lessons that are there as cards whose pictures move, the others in a line.

import { button, element, icon } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { plainClick } from "./navigation.js";
import { moment, preview } from "./preview.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("home.css")]);
const STEP_MS = 160;
const REST_STEPS = 12;
const LOOK_MS = 1500;
const LOOKS = 20;

function card({ slug, title, aim, outcome, start, shape, picture }, open) {
  const made = preview(picture);
  const words = element("div", { class: "words" },
    element("h3", { text: title }), element("p", { text: aim }),
    element("p", { class: "outcome" }, icon("check", "small"), element("span", { text: outcome })),
    element("span", { class: "start", text: start }));
  const root = element("a", { class: `lesson ${shape}`, href: slug, "data-slug": slug, onclick: (event) => open(event, slug) }, made.root, words);
  return { root, made };
}

const coming = ({ slug, title, aim, picture }) => element("div", { class: "lesson coming", "data-slug": slug },
  preview(picture).root, element("div", { class: "words" }, element("h3", {}, title, element("small", { text: "coming" })), element("p", { text: aim })));

function section({ heading, lessons }, keep, open) {
  const [there, later] = [true, false].map((built) => lessons.filter((lesson) => lesson.built === built));
  const cards = there.map((lesson) => keep(card(lesson, open)));
  return element("section", { class: there.length ? "group" : "group later" }, element("h2", { text: heading }),
    cards.length ? element("div", { class: "lessons" }, cards) : null,
    later.length ? element("div", { class: "plans" }, later.map(coming)) : null);
}

function create(root, channel) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const state = { playing: !still.matches, step: 0, made: [], shown: "", dark: null, looks: 0 };
  const open = (event, slug) => {
    if (!plainClick(event)) return;
    event.preventDefault();
    channel.send({ type: "open", slug, leaves: true });
  };
  const show = () => {
    for (const one of state.made) if (one.count > 1) one.show(state.playing ? moment(state.step, one.count, REST_STEPS) : one.count - 1);
  };
  const timer = setInterval(() => {
    if (document.hidden || !state.playing) return;
    state.step += 1;
    show();
  }, STEP_MS);
  const pause = button({ label: "Pause pictures", glyph: "pause", kind: "quiet small", onclick: () => hold(state.playing) });
  function hold(on) {
    state.playing = !on;
    const label = on ? "Play pictures" : "Pause pictures";
    pause.replaceChildren(icon(on ? "play" : "pause"), element("span", { text: label }));
    pause.setAttribute("aria-label", label);
    show();
  }
  let asking = null;
  return {
    update({ groups, making }) {
      const now = JSON.stringify(groups);
      if (now !== state.shown) {
        state.shown = now;
        state.made = [];
        const keep = ({ root: one, made }) => { state.made.push(made); return one; };
        root.replaceChildren(element("div", { class: "hold" }, pause), ...groups.map((group) => section(group, keep, open)));
        hold(!state.playing);
      }
      clearTimeout(asking);
      state.looks += 1;
      if (making && state.looks < LOOKS) asking = setTimeout(() => channel.send({ type: "look" }), LOOK_MS);
    },
    redraw() {
      const dark = root.hasAttribute("data-dark");
      if (state.dark !== null && state.dark !== dark) state.made.forEach((one) => one.recolour?.());
      state.dark = dark;
    },
    destroy() {
      clearInterval(timer);
      clearTimeout(asking);
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
