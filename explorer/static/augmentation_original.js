// The original: what is changed, the samples to choose from, and one's own picture.

import { uploadButton } from "./augmentation_upload.js";
import { select } from "./controls.js";
import { button, element, put } from "./elements.js";

/** One class of an own set at a time, and steps through its pictures; `item(label, at)` shows one. */
function setBrowser(item) {
  const root = element("div", { class: "set-browser", role: "group", "aria-label": "Pictures of the set", hidden: true });
  const place = element("span", { class: "sub number" });
  const step = (by, name) => button({ name, label: "", glyph: "chevron", kind: `small square ${by < 0 ? "before" : "after"}`, onclick: () => item(now.label, now.at + by) });
  let [classes, list, now] = ["", null, null];
  return {
    root,
    update(next) {
      root.hidden = !next;
      if (!next) return;
      now = next;
      if (classes !== next.classes.join("\n")) {
        classes = next.classes.join("\n");
        list = select({ label: "Class", options: next.classes.map((name, label) => [String(label), name]), onchoose: (value) => item(Number(value), 0) });
        root.replaceChildren(list.root, step(-1, "Previous picture"), place, step(1, "Next picture"));
      }
      list.update(String(next.label));
      put(place, { text: `${next.at + 1} of ${next.count}` });
    },
  };
}

/** Build the column; `choose(name)` takes a sample, `send` and `sendAll` files, `item` a picture of the set; `predict` goes to transfer learning. */
export function originalColumn({ choose, send, sendAll, item, predict }) {
  const canvas = element("canvas", { width: 1, height: 1, role: "img" });
  const [name, detail] = [element("b"), element("span", { class: "sub" })];
  const refused = element("p", { class: "refused", role: "alert", hidden: true });
  const thumbs = element("div", { class: "thumbs", role: "group", "aria-label": "Pictures" });
  const root = element("div", { class: "original" });
  const progress = element("p", { class: "sub number", role: "status", hidden: true });
  const browse = setBrowser(item);
  let [limit, most] = [0, 0];
  const guess = button({ label: "Predict it", kind: "small", title: "Let transfer learning say what this picture shows", onclick: predict });
  const upload = uploadButton(root, { limit: () => limit, most: () => most, send, sendAll });
  root.append(element("figure", {}, canvas, element("figcaption", {}, name, detail)), element("div", { class: "original-side" }, thumbs, browse.root, upload, guess, progress, refused));
  const made = new Map();

  function showThumbs(all) {
    for (const { name: key, label, src } of all) {
      if (!made.has(key)) {
        const image = element("img", { alt: "", draggable: "false" });
        const face = element("button", { type: "button", class: "thumb-picture", "data-name": key, "aria-label": label, title: label, onclick: () => choose(key) }, image);
        made.set(key, { face, image });
        thumbs.append(face);
      }
      put(made.get(key).image, { src });
    }
  }
  return {
    root, canvas,
    /** How much of an archive has arrived, 0 to 1; null when nothing is on its way. */
    progress(share) {
      put(progress, { hidden: share === null, text: share === null ? "" : share < 1 ? `Sending: ${Math.round(100 * share)} %` : "Reading the pictures" });
    },
    update(picture, all) {
      [limit, most] = [picture.limit, picture.most];
      browse.update(picture.set);
      if (all) showThumbs(all);
      for (const [key, { face }] of made) put(face, { "aria-pressed": String(key === picture.name) });
      put(name, { text: picture.label });
      put(detail, { text: `${picture.size}, ${picture.licence}` });
      put(canvas, { class: picture.pixels ? "squares" : null, "aria-label": `The original: ${picture.label}, ${picture.size} pixels` });
      put(refused, { text: picture.refused ?? "", hidden: !picture.refused });
    },
  };
}
