// The original: what is changed, the samples to choose from, and one's own picture.

import { uploadButton } from "./augmentation_upload.js";
import { element, put } from "./elements.js";

/** Build the column; `choose(name)` takes a sample, `send` the gesture of a file. */
export function originalColumn({ choose, send }) {
  const canvas = element("canvas", { width: 1, height: 1, role: "img" });
  const [name, detail] = [element("b"), element("span", { class: "sub" })];
  const refused = element("p", { class: "refused", role: "alert", hidden: true });
  const thumbs = element("div", { class: "thumbs", role: "group", "aria-label": "Pictures" });
  const root = element("div", { class: "original" });
  let limit = 0;
  const upload = uploadButton(root, { limit: () => limit, send });
  root.append(element("figure", {}, canvas, element("figcaption", {}, name, detail)), element("div", { class: "original-side" }, thumbs, upload, refused));
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
    update(picture, all) {
      limit = picture.limit;
      if (all) showThumbs(all);
      for (const [key, { face }] of made) put(face, { "aria-pressed": String(key === picture.name) });
      put(name, { text: picture.label });
      put(detail, { text: `${picture.size}, ${picture.licence}` });
      put(canvas, { class: picture.pixels ? "squares" : null, "aria-label": `The original: ${picture.label}, ${picture.size} pixels` });
      put(refused, { text: picture.refused ?? "", hidden: !picture.refused });
    },
  };
}
