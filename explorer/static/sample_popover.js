// One picture of the collection: large, with what the network says, to move or to delete.

import { button, element, put } from "./elements.js";
import { rich } from "./rich.js";

/** Build the box; `send` takes its gestures. It is shown while `update` gets a picture. */
export function samplePopover(send) {
  const [picture, heat] = [element("img", { class: "sample-large", alt: "" }), element("img", { class: "sample-large", alt: "" })];
  const [words, detail, where] = [element("p", { class: "verdict" }), element("p", { class: "sub" }), element("p", { class: "sub" })];
  const move = element("select", { class: "select", "aria-label": "Move to", onchange: () => send({ type: "move_sample", sample: shown.id, label: move.value }) });
  const bin = button({ label: "Delete", glyph: "trash", kind: "small danger", onclick: () => send({ type: "remove_sample", sample: shown.id }) });
  const augment = button({ label: "Augment it", kind: "small", title: "See what augmentation makes of this picture", onclick: () => send({ type: "augment_sample", sample: shown.id, leaves: true }) });
  const shut = button({ name: "Close", glyph: "cross", kind: "small quiet square", onclick: () => close() });
  const root = element("dialog", { class: "sample-box", "aria-label": "Picture" },
    element("div", { class: "sample-pictures" }, element("figure", {}, picture, element("figcaption", { class: "sub", text: "as given" })), element("figure", {}, heat, element("figcaption", { class: "sub", text: "where it looked" }))),
    words, detail, where,
    element("div", { class: "sample-tools" }, element("span", { class: "label", text: "Class" }), move, augment, bin, element("span", { class: "end" }, shut)));
  let shown = null;
  let opener = null; // What had the focus before.
  let dismissed = null; // A picture that was closed, until an answer knows of it.
  let said = "";

  function hide() {
    root.close();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }
  function close() {
    dismissed = shown?.id ?? null;
    hide();
    send({ type: "inspect", sample: null });
  }
  root.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  root.addEventListener("click", (event) => { if (event.target === root) close(); });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  return {
    root,
    /** The picture may be opened again that was just closed. */
    invite: () => { dismissed = null; },
    update(next, classes) {
      if (!next) {
        shown = dismissed = null;
        if (root.open) hide();
        return;
      }
      if (next.id === dismissed) return;
      shown = next;
      put(picture, { src: next.src, alt: `Picture of ${next.label}` });
      put(heat, { src: next.cam ?? next.src, alt: `Grad-CAM for ${next.answer ?? next.label}`, style: next.cam ? null : "opacity:.35" });
      const key = JSON.stringify([next.words, next.detail, next.where]);
      if (key !== said) {
        said = key;
        words.replaceChildren(...rich(next.words));
        detail.replaceChildren(...rich(next.detail));
        where.textContent = next.where;
      }
      const wanted = JSON.stringify(classes.map(({ id, name }) => [id, name]));
      if (move.__made !== wanted) {
        move.__made = wanted;
        move.replaceChildren(...classes.map(({ id, name }) => element("option", { value: id, text: name })));
      }
      move.value = next.label_id;
      if (!root.open) {
        opener = root.getRootNode().activeElement;
        root.showModal();
      }
    },
  };
}
