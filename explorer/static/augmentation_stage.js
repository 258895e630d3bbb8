// The stage of the augmentation previewer: a pipeline, the original, sixteen draws, one of them
// step by step.

import { originalColumn } from "./augmentation_original.js";
import { chainStrip, drawsGrid, files, painter } from "./augmentation_pictures.js";
import { stepsPane } from "./augmentation_steps.js";
import { stepper } from "./controls.js";
import { button, element, put } from "./elements.js";
import { handingOver } from "./handing_over.js";
import { letterKey } from "./keys.js";
import { mounted, sheet } from "./mount.js";
import { patienceFor } from "./pieces.js";
import { helpButton, labelled, rich } from "./rich.js";

// When draws that were put off are asked for: soon, or as soon as a hand holds still.
const [SOON_MS, STILL_MS] = [15, 150];
const STYLES = await Promise.all(["base.css", "board.css", "stage.css", "augmentation_stage.css"].map(sheet));

/** One sentence about the sixteen sizes: "224×224" or "from 171×256 to 512×512". */
export function sizesText(draws) {
  const area = ({ size }) => size.split("×").reduce((one, other) => one * other);
  const sorted = [...draws].sort((one, other) => area(one) - area(other));
  const [least, most] = [sorted[0].size, sorted[sorted.length - 1].size];
  return least === most ? least : `from ${least} to ${most}`;
}

function create(root, channel) {
  let header = null;
  let later = null; // The look at what was put off.
  let uploading = false;
  let [rest, total] = [null, 0]; // The pieces of a file that are still to be sent.
  const patience = channel.patience;
  const send = (event) => channel.send(event);
  const set = (name, value) => send({ type: "set", target: name, name, value });
  const painted = painter((frame) => { root.dataset.painted = frame; });

  const steps = stepsPane(send);
  const original = originalColumn({ choose: (name) => set("picture", name), send: sendFile, sendAll, item: (label, at) => send({ type: "item", label, at }), predict: () => send({ type: "predict", leaves: true }) });
  const draws = drawsGrid((index) => set("draw", index));
  const chain = chainStrip();
  const titles = ["Pipeline", "Original and sixteen draws"].map((text) => element("h3", { text }));
  const way = element("h3");
  const sizes = element("span", { class: "sub number" });
  const count = element("span", { class: "sub number" });
  const reroll = button({ label: "Re-roll", glyph: "reset", kind: "primary play", key: "R", title: "Sixteen new draws", onclick: () => send({ type: "reroll" }) });
  const seedField = element("div", { class: "seed" });
  const took = element("b", { class: "number" });
  const time = element("div", { class: "took wide-only" });
  const notice = element("div", { class: "notice", role: "status", hidden: true });
  const ways = handingOver(send, "Use it in");
  let seed = null;
  root.append(element("section", { class: "stage augmentation", "aria-label": "Stage" }, element("h2", { class: "visually-hidden", text: "Stage" }),
    element("div", { class: "panes" },
      element("figure", { class: "pane steps-pane" }, element("header", {}, titles[0], count, steps.tools), steps.root),
      element("figure", { class: "pane draws-pane" }, element("header", {}, titles[1], element("span", { class: "end" }, sizes)), element("div", { class: "draws-row" }, original.root, draws.root))),
    element("div", { class: "transport" }, reroll, seedField, element("span", { class: "rule wide-only" }), time, ways.root),
    element("div", { class: "way" }, element("header", {}, way), chain.root),
    notice));

  /** Send a large file piece by piece: the next one goes when the last was answered. */
  async function sendAll(parts, size) {
    rest = parts;
    total = size;
    await nextPiece();
  }
  async function nextPiece() {
    const { value, done } = await rest.next();
    if (done) { rest = null; original.progress(null); return; }
    original.progress(value.last ? 1 : value.at / total);
    sendFile(value);
  }
  async function sendFile(event) {
    channel.patience = patienceFor(event.data?.length ?? 0, patience);
    uploading = true;
    send(event);
  }
  const onkey = (event) => {
    if (letterKey(event, "r")) send({ type: "reroll" });
  };
  document.addEventListener("keydown", onkey);

  function explain() {
    const { help, most_seed: most } = header;
    titles[0].after(helpButton(help.steps, "the pipeline"));
    titles[1].after(helpButton(help.draws, "the draws"));
    way.after(helpButton(help.chain, "the steps of a draw"));
    seed = stepper({ label: "Seed", minimum: 0, maximum: most, step: 1, onchange: (value) => set("seed", value) });
    seedField.append(labelled("Seed", help.seed), seed.root);
    time.append(took, element("span", { class: "sub" }, labelled("ms per picture", help.time)));
    send({ type: "thumbs" });
  }
  /** A file that was answered is let go: Streamlit sends what was set last with every rerun. */
  function afterFile() {
    if (!uploading || (channel.busy && header.ack !== channel.waitingFor)) return;
    uploading = false;
    if (rest && header.picture.refused === null) { nextPiece(); return; }
    rest = null;
    original.progress(null);
    channel.patience = patience;
    send({ type: "rest" });
  }
  return {
    update(next, values) {
      const first = header === null;
      header = next;
      if (first) explain();
      else afterFile();
      steps.update(header.pipeline);
      original.update(header.picture, header.thumbs);
      const active = header.pipeline.rows.filter((row) => row.on).length;
      put(count, { text: active === header.pipeline.rows.length ? `${active} ${active === 1 ? "step" : "steps"}` : `${active} of ${header.pipeline.rows.length} steps are on` });
      put(sizes, { text: sizesText(header.draws) });
      put(way, { text: `Draw ${header.draw}, step by step` });
      seed.update(header.seed);
      ways.update(header.links);
      put(took, { text: header.milliseconds });
      const canvases = [original.canvas, ...draws.update(header.draws, header.draw), ...chain.update(header.chain)];
      painted(canvases, files(values, header.sizes), header.frame);
      if (notice.__said !== header.notice) {
        notice.__said = header.notice;
        notice.hidden = !header.notice;
        notice.replaceChildren(...rich(header.notice ?? ""));
      }
      root.dataset.frame = header.frame;
      document.dispatchEvent(new CustomEvent("explorer:moved", { detail: header.frame }));
      clearTimeout(later);
      if (header.unfinished) later = setTimeout(() => send({ type: "look", moving: true, target: "look" }), header.held ? STILL_MS : SOON_MS);
    },
    destroy() {
      clearTimeout(later);
      document.removeEventListener("keydown", onkey);
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
