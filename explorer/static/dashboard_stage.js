// The stage of the training dashboard: loss, accuracy, a digit of one's own, and the run.

import { segment } from "./controls.js";
import { digitPane } from "./digit_pane.js";
import { element } from "./elements.js";
import { linePlot } from "./line_plot.js";
import { mounted, sheet } from "./mount.js";
import { helpButton, rich } from "./rich.js";
import { runBar } from "./run_bar.js";
import { adoptClassColours } from "./series_colours.js";

const STYLES = await Promise.all(["base.css", "board.css", "stage.css", "cards_network.css", "dashboard_stage.css"].map(sheet));
// How often a run that goes on is looked at, and up to which look: each one costs the run time.
const PACES = [[4, 500], [12, 1000], [Infinity, 1500]];

/** The name of this browser: whose runs are shown. It is made up once and kept. */
export function ownName(store) {
  const fresh = () => Array.from({ length: 24 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[Math.floor(Math.random() * 36)]).join("");
  try {
    const kept = store.getItem("explorer-owner");
    if (/^[a-z0-9]{24}$/.test(kept ?? "")) return kept;
    const made = fresh();
    store.setItem("explorer-owner", made);
    return made;
  } catch {
    return fresh(); // A browser that keeps nothing: its runs are found by their links.
  }
}

function create(root, channel) {
  let header = null;
  let timer = null;
  let looks = 0;
  const send = (event) => channel.send(event);
  const go = (epoch) => send({ type: "epoch", epoch: Math.round(epoch) });
  const plots = [linePlot({ go }), linePlot({ go })];
  const digit = digitPane(send);
  const smooth = segment({ label: "Curve", small: true, options: [["raw", "Raw"], ["smooth", "Smooth"]], onchoose: (value) => send({ type: "set", name: "smooth", value }) });
  const notes = [element("span", { class: "sub" }), element("span", { class: "sub" }), element("span", { class: "sub" })];
  const titles = ["Loss", "Accuracy", "Draw a digit"].map((text) => element("h3", { text }));
  const bar = runBar({
    help: "Drag while it trains: the change is marked on the curves.",
    act: (name, value) => {
      if (name === "rate") send({ type: "rate", target: "rate", value, moving: true });
      else send({ type: name });
    },
  });
  const notice = element("div", { class: "notice", role: "status", hidden: true });
  const pane = (index, body, end) => element("figure", { class: "pane" }, element("header", {}, titles[index], notes[index], element("span", { class: "end" }, end)), body);
  root.append(element("section", { class: "stage dashboard", "aria-label": "Stage" }, element("h2", { class: "visually-hidden", text: "Stage" }),
    element("div", { class: "panes three" }, pane(0, plots[0].root, smooth.root), pane(1, plots[1].root, null), pane(2, digit.root, digit.tools)),
    bar.root, notice));
  adoptClassColours(root);

  function live() {
    clearTimeout(timer);
    if (!header?.run.live) return;
    timer = setTimeout(() => {
      if (!document.hidden && !channel.busy) { looks += 1; send({ type: "look", moving: true, target: "look" }); }
      live();
    }, channel.unhurried(PACES.find(([upTo]) => looks < upTo)[1]));
  }
  return {
    update(next, values) {
      const first = header === null;
      header = next;
      if (first) send({ type: "hello", owner: ownName(localStorage) });
      if (first) titles.forEach((title, index) => title.after(helpButton(header.help[index], title.textContent)));
      notes.forEach((note, index) => { note.textContent = header.notes[index]; });
      smooth.update(header.smooth);
      plots[0].update(header.loss, values);
      plots[1].update(header.accuracy, values);
      digit.update(header.digit);
      bar.update(header.run);
      notice.hidden = !header.notice;
      notice.replaceChildren(...rich(header.notice ?? ""));
      root.dataset.frame = header.frame;
      root.dataset.state = header.run.state;
      document.dispatchEvent(new CustomEvent("explorer:moved", { detail: header.follows }));
      if (header.run.live && timer === null) live();
      if (!header.run.live) { clearTimeout(timer); timer = null; looks = 0; }
    },
    redraw() {
      adoptClassColours(root);
      plots.forEach((plot) => plot.redraw());
    },
    destroy() { clearTimeout(timer); bar.destroy(); },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
