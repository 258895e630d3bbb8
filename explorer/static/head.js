// The head of a page: title, aim, copy link, code, lecture mode; keeps the address true.

import { button, element, replaced } from "./elements.js";
import { letterKey, plainKey } from "./keys.js";
import { mounted, sheet } from "./mount.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("head.css")]);
const NARROW = 1180;
const GOING_MS = 1000; // While something plays, the address follows so often: a reload goes on from there.

/** The address with `query` in it and, in lecture mode, `lecture=1`. */
export function addressWith(href, query, lecture) {
  const url = new URL(href);
  const wanted = new URLSearchParams(query);
  if (lecture) wanted.set("lecture", "1");
  // Commas, colons and the like are legal in a query and easier to read unescaped.
  url.search = wanted.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";");
  return url.href;
}

/** Copy text, also where the clipboard API is closed (plain http on a classroom network). */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea", { style: "position:fixed;opacity:0" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** What a key means for lecture mode: toggle, leave, settings, or nothing. */
export function lectureKey(event, lecture) {
  if (!plainKey(event)) return null;
  if (event.key === "Escape" && lecture) return "leave";
  if (letterKey(event, "l")) return "toggle";
  if (letterKey(event, "s") && lecture) return "settings";
  return null;
}

function create(root, channel) {
  const page = document.documentElement;
  const title = element("h1");
  const aim = element("p");
  const problems = element("div", { class: "problems", role: "alert", hidden: true });
  const copy = button({ label: "Copy link", glyph: "link", kind: "quiet own", onclick: copyLink });
  const code = button({ label: "Code", glyph: "code", kind: "quiet own", title: "This screen as PyTorch", onclick: showCode });
  const lectureButton = button({ label: "Lecture", glyph: "screen", kind: "quiet lecture", key: "L", onclick: () => lecture(!lecturing()) });
  const own = element("span", { class: "page-actions" });
  root.append(element("header", { class: "head" }, element("div", {}, title, aim, problems), element("div", { class: "actions" }, own, copy, code, lectureButton)));

  const here = location.pathname;
  let query = "";
  let followed = -Infinity;
  const lecturing = () => page.hasAttribute("data-lecture");
  function lecture(on) {
    page.toggleAttribute("data-lecture", on);
    page.removeAttribute("data-lecture-settings");
    lectureButton.setAttribute("aria-pressed", String(on));
    address();
    window.dispatchEvent(new Event("resize"));
  }
  function address() {
    if (location.pathname !== here) return; // Another page is open already: its address is its own.
    const wanted = addressWith(location.href, query, lecturing());
    if (wanted !== location.href) history.replaceState(history.state, "", wanted);
  }
  async function copyLink() {
    address();
    const done = await copyText(location.href);
    const face = copy.querySelector("span");
    face.textContent = done ? "Copied" : "Copy the address bar";
    setTimeout(() => { face.textContent = "Copy link"; }, 1600);
  }
  function showCode() {
    document.dispatchEvent(new CustomEvent("explorer:code"));
  }
  const onkey = (event) => {
    const action = lectureKey(event, lecturing());
    if (action === "toggle") lecture(!lecturing());
    else if (action === "leave") lecture(false);
    else if (action === "settings") page.toggleAttribute("data-lecture-settings");
    if (action) event.preventDefault();
  };
  document.addEventListener("keydown", onkey);
  const going = ({ detail }) => {
    if (detail.page !== here) return; // The last words of a page that was left.
    query = detail.address;
    if (performance.now() - followed < GOING_MS) return;
    followed = performance.now();
    address();
  };
  document.addEventListener("explorer:going", going);
  // Between phone and desktop the sidebar would take a quarter of the width: start closed.
  if (innerWidth > 767 && innerWidth <= NARROW && !window.__sidebarClosed) {
    window.__sidebarClosed = true;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  }
  if (new URLSearchParams(location.search).get("lecture") === "1") page.toggleAttribute("data-lecture", true);

  return {
    update(header) {
      title.textContent = header.title;
      aim.textContent = header.aim;
      query = header.query;
      code.hidden = copy.hidden = !header.actions;
      const wanted = JSON.stringify(header.buttons ?? []);
      if (own.dataset.layout !== wanted) {
        own.dataset.layout = wanted;
        replaced(own, (header.buttons ?? []).map(({ label, glyph, type }) => button({ label, glyph, kind: "quiet own", onclick: () => channel.send({ type }) })));
      }
      problems.hidden = header.problems.length === 0;
      const lines = header.problems.map((text) => element("li", { text }));
      problems.replaceChildren("Part of this link could not be used:", element("ul", {}, lines));
      if (header.settled) address();
    },
    destroy() {
      document.removeEventListener("keydown", onkey);
      document.removeEventListener("explorer:going", going);
      page.removeAttribute("data-lecture");
      page.removeAttribute("data-lecture-settings");
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
