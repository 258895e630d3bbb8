// Pictures with a caption each, such as the worst mistakes: pixels stay pixels.

import { cardFrame } from "./card_frame.js";
import { element, put } from "./elements.js";
import { pieces, rich } from "./rich.js";

/** Marked-up text without its marks. */
export const plain = (text) => pieces(text).map((piece) => piece.text).join("");

/** A card with a grid of pictures, a sentence where there are none, and a line under them. */
export function picturesCard() {
  const { root, title, end, body } = cardFrame("pictures-card");
  const grid = element("div", { class: "pictures" });
  const empty = element("p", { class: "sub", hidden: true });
  const foot = element("p", { class: "sub number pictures-foot" });
  body.append(grid, empty, foot);
  const made = [];

  function makePicture() {
    const [image, caption, detail] = [element("img", { class: "pixels" }), element("span"), element("span", { class: "number" })];
    const figure = element("figure", { tabindex: "0" }, image, element("figcaption", {}, caption, detail));
    grid.append(figure);
    return { figure, image, caption, detail, said: null };
  }
  return {
    root,
    update(card, values, glossary) {
      title.textContent = card.title;
      end.textContent = card.note;
      put(grid, { style: `grid-template-columns:repeat(${card.columns}, minmax(0, 120px))`, hidden: !card.pictures.length });
      while (made.length > card.pictures.length) made.pop().figure.remove();
      while (made.length < card.pictures.length) made.push(makePicture());
      card.pictures.forEach((picture, index) => {
        const one = made[index];
        put(one.image, { src: picture.src, alt: [plain(picture.caption), picture.detail].filter(Boolean).join(", ") });
        put(one.detail, { text: picture.detail });
        if (one.said !== picture.caption) {
          one.said = picture.caption;
          one.caption.replaceChildren(...rich(picture.caption, glossary));
        }
      });
      put(empty, { hidden: card.pictures.length > 0, text: card.empty ?? "" });
      put(foot, { hidden: !card.foot, text: card.foot ?? "" });
    },
  };
}
