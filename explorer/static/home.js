// The home page: every lesson as a card; the pictures of built lessons move.

import { element } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { thumbnailPicture } from "./thumbnail.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("home.css")]);
const STEP_MS = 160;
const REST_STEPS = 12;

function card(lesson, players, open) {
  const { root: picture, player } = thumbnailPicture(lesson.thumbnail);
  if (player && lesson.built) players.push(player);
  const mark = lesson.built ? element("span", { class: "start", text: "Start" }) : element("small", { text: "coming" });
  const inner = [
    element("div", { class: "picture" }, picture),
    element("div", { class: "words" }, element("h3", {}, lesson.title, mark), element("p", { text: lesson.aim })),
  ];
  if (!lesson.built) return element("div", { class: "lesson coming", "data-slug": lesson.slug }, inner);
  return element("a", { class: "lesson", href: lesson.slug, "data-slug": lesson.slug, onclick: (event) => open(event, lesson.slug) }, inner);
}

function create(root, channel) {
  let timer = null;
  const players = [];
  const open = (event, slug) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    channel.send({ type: "open", slug });
  };
  const play = () => {
    let step = 0;
    timer = setInterval(() => {
      if (document.hidden) return;
      for (const player of players) player.show(Math.min(player.count - 1, step % (player.count + REST_STEPS)));
      step += 1;
    }, STEP_MS);
  };
  return {
    update({ groups }) {
      clearInterval(timer);
      players.length = 0;
      root.replaceChildren(...groups.map(({ heading, lessons }) => element(
        "section", { class: "group" }, element("h2", { text: heading }),
        element("div", { class: "lessons" }, lessons.map((lesson) => card(lesson, players, open))))));
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) players.forEach((player) => player.show(player.count - 1));
      else play();
    },
    destroy: () => clearInterval(timer),
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
