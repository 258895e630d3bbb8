// The stage of transfer learning: classes, the map of their pictures, and a prediction.

import { segment } from "./controls.js";
import { ownName } from "./dashboard_stage.js";
import { element } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { pictureStore } from "./picture_store.js";
import { helpButton, rich } from "./rich.js";
import { samplePopover } from "./sample_popover.js";
import { adoptClassColours } from "./series_colours.js";
import { transferBar } from "./transfer_bar.js";
import { classesPane } from "./transfer_classes.js";
import { embeddingMap } from "./transfer_map.js";
import { predictPane } from "./transfer_predict.js";
import { uploader } from "./uploads.js";

const STYLES = await Promise.all(["base.css", "board.css", "stage.css", "cards_network.css", "dashboard_stage.css", "transfer_stage.css"].map(sheet));
const LIVE_MS = 350; // How often something that goes on is looked at.

/** Files as the two tasks take them: photos to predict carry no class. */
export const labelled = (label, kind) => (kind === "query" ? "query:" : label);

function create(root, channel) {
  let header = null;
  let timer = null;
  const send = (event) => channel.send(event);
  const set = (name, value) => send({ type: "set", target: name, name, value });
  const busy = () => channel.busy;
  const store = pictureStore({ ask: (ids) => send({ type: "thumbs", ids }), arrived: () => map.redraw() });
  const pick = (sample) => { popover.invite(); send({ type: "inspect", sample }); };
  const up = uploader(channel, { progress: (done, total) => classes.progress(done, total) });
  const files = (all, label) => up.add(all, label);
  const classes = classesPane({ send, files, pick, busy });
  const map = embeddingMap({ store, open: pick });
  const predict = predictPane({ send, files: (all) => files(all, "query:"), busy });
  const popover = samplePopover(send);
  const view = segment({ label: "Map", small: true, options: [["pca", "PCA"], ["tsne", "t-SNE"]], onchoose: (value) => set("view", value) });
  const cam = segment({ label: "Picture", small: true, options: [["on", "Grad-CAM"], ["off", "Picture"]], onchoose: (value) => set("cam", value) });
  const titles = ["Classes", "How the network sees them", "Predict"].map((text) => element("h3", { text }));
  const notes = titles.map(() => element("span", { class: "sub number" }));
  const bar = transferBar({ act: (name, value) => send(name === "strict" ? { type: "strict", target: "strict", value, moving: true } : { type: name }) });
  const notice = element("div", { class: "notice", role: "status", hidden: true });
  const foot = element("p", { class: "sub map-foot" });
  const pane = (index, kind, body, end) => element("figure", { class: `pane ${kind}` }, element("header", {}, titles[index], notes[index], element("span", { class: "end" }, end)), body);
  root.append(element("section", { class: "stage transfer", "aria-label": "Stage" }, element("h2", { class: "visually-hidden", text: "Stage" }),
    element("div", { class: "panes" }, pane(0, "classes-pane", [classes.root], classes.tools), pane(1, "map-pane", [map.root, foot], view.root), pane(2, "predict-pane", [predict.root], cam.root)),
    bar.root, notice), popover.root);
  adoptClassColours(root);

  function live() {
    clearTimeout(timer);
    timer = null;
    if (!header?.bar.live) return;
    timer = setTimeout(() => {
      if (!document.hidden && !channel.busy && !up.busy) send({ type: "look", moving: true, target: "look" });
      live();
    }, channel.unhurried(header.bar.soon ? 15 : LIVE_MS));
  }
  return {
    update(next, values) {
      const first = header === null;
      header = next;
      if (first) {
        send({ type: "hello", owner: ownName(localStorage) });
        titles.forEach((title, index) => title.after(helpButton(header.help[index], title.textContent)));
      }
      store.take(header.thumbs);
      notes.forEach((note, index) => { note.textContent = header.notes[index]; });
      view.update(header.map.view);
      cam.update(header.cam);
      const names = header.classes.map(({ name }) => name);
      classes.update(header, store);
      map.update({ points: header.map.points, values, query: header.map.query, names: header.map.names ?? names, rested: header.rested });
      foot.textContent = header.map.foot;
      predict.update({ ...header.query, frame: header.frame }, header.classes.map(({ id, name }) => ({ id, name })));
      bar.update(header.bar);
      popover.update(header.inspected, header.classes);
      store.want([...classes.wanted(), ...header.map.points.map(({ id }) => id)]);
      notice.hidden = !header.notice;
      notice.replaceChildren(...rich(header.notice ?? ""));
      root.dataset.frame = header.frame;
      root.dataset.state = header.bar.state;
      document.dispatchEvent(new CustomEvent("explorer:moved", { detail: header.frame }));
      queueMicrotask(() => up.pump()); // After the channel has taken note of the answer.
      if (timer === null) live();
    },
    redraw() {
      adoptClassColours(root);
      map.redraw();
    },
    destroy() {
      clearTimeout(timer);
      bar.destroy();
      classes.destroy();
      predict.destroy();
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
