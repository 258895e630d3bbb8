// The pipeline: its steps in order, dragged by mouse, touch and keyboard.

import { addMenu } from "./augmentation_menu.js";
import { reorder } from "./augmentation_order.js";
import { stepRow } from "./augmentation_row.js";
import { button, element, put } from "./elements.js";

/** Build the pane's parts: `{tools, root, update(pipeline)}`. */
export function stepsPane(send) {
  const list = element("ol", { class: "steps" });
  const empty = element("p", { class: "sub", text: "No steps yet: every draw is the original. Add one, or start from a preset." });
  const commentary = element("p", { class: "commentary" });
  const undo = button({ label: "Undo", glyph: "undo", kind: "small quiet", onclick: () => send({ type: "undo" }) });
  const menu = addMenu((name) => {
    focus = { added: true };
    send({ type: "add", name });
  });
  const root = element("div", { class: "pipeline" }, list, empty, commentary, menu.panel);
  const rows = [];
  let focus = null; // Where the focus goes with the next answer.
  const order = reorder(list, { rows: () => rows.map((row) => row.root), drop: shift });

  function shift(at, to) {
    if (to < 0 || to >= rows.length) return;
    focus = { grip: to };
    send({ type: "move", at, to });
  }
  function makeRow() {
    const row = stepRow(rows.length, { send, shift });
    order.carry(row.handle, rows.length);
    list.append(row.root);
    return row;
  }
  function refocus(open) {
    if (focus?.grip !== undefined) rows[focus.grip]?.handle.focus({ preventScroll: true });
    if (focus?.added) rows[open]?.root.scrollIntoView({ block: "nearest" });
    focus = null;
  }
  return {
    root,
    tools: element("span", { class: "end step-tools" }, undo, menu.face),
    update(pipeline) {
      const { rows: steps, open } = pipeline;
      const changed = rows.length !== steps.length;
      while (rows.length > steps.length) rows.pop().root.remove();
      while (rows.length < steps.length) rows.push(makeRow());
      steps.forEach((step, index) => rows[index].update(step, { count: steps.length, isOpen: index === open }));
      order.settle();
      empty.hidden = steps.length > 0;
      undo.disabled = !pipeline.undo;
      put(commentary, { text: pipeline.commentary, hidden: !pipeline.commentary });
      menu.update(pipeline.menu, pipeline.full, pipeline.most);
      if (focus?.grip !== undefined || changed) refocus(open);
    },
  };
}
