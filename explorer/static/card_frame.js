// The outline of a card: a title, something at its end, a body.

import { element } from "./elements.js";

/** Return `{root, title, end, body}` of a card of one kind. */
export function cardFrame(kind) {
  const title = element("h3");
  const end = element("span", { class: "sub end" });
  const body = element("div");
  const root = element("section", { class: `card ${kind}` }, element("header", {}, title, end), body);
  return { root, title, end, body };
}
