// A number that becomes a field when it is clicked, and moves under the arrow keys.

import { element } from "./elements.js";
import { fixed, parsed } from "./numbers.js";

/** Build one; `change(value)` is called while it moves, `done()` when it rests. */
export function editable({ label, change, done, digits = 2, step = 0.1 }) {
  let value = NaN;
  let input = null;
  const face = element("button", { type: "button", class: "cell number", title: "Click to edit", "aria-label": label, onclick: open });
  const root = element("span", { class: "editable" }, face);
  const show = () => { face.textContent = fixed(value, digits); };

  function open() {
    input = element("input", { type: "text", inputmode: "decimal", "aria-label": label });
    input.value = String(Number(value.toFixed(4)));
    input.addEventListener("keydown", onkey);
    input.addEventListener("blur", () => close(true));
    root.replaceChildren(input);
    input.select();
  }
  function close(keep) {
    if (!input) return;
    const wanted = parsed(input.value);
    input = null;
    root.replaceChildren(face);
    if (keep && Number.isFinite(wanted) && Math.abs(wanted - value) > 5e-5) {
      value = wanted;
      change(value);
    }
    show();
    done();
  }
  function onkey(event) {
    event.stopPropagation();
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by) {
      event.preventDefault();
      value = Number((value + by * step * (event.shiftKey ? 10 : 1)).toFixed(6));
      input.value = String(Number(value.toFixed(4)));
      change(value);
    } else if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      close(event.key === "Enter");
      face.focus();
    }
  }
  return {
    root,
    update(next) {
      if (input || next === value) return;
      value = next;
      show();
    },
  };
}
