// Which functions are shown: a chip with a small curve for each, and the built one.

import { button, element, replaced, shape } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { adoptClassColours, tone } from "./series_colours.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("activation_stage.css")]);

/** A small curve in a box of 52 by 26, whatever its range is. */
export function sparkPath(values) {
  const finite = values.map((value) => (Number.isFinite(value) ? value : 0));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const height = high > low ? high - low : 1;
  return finite.map((value, index) => `${index ? "L" : "M"}${(2 + (48 * index) / (finite.length - 1)).toFixed(1)} ${(23 - (20 * (value - low)) / height).toFixed(1)}`).join("");
}

function create(root, channel) {
  adoptClassColours(root);
  const chips = element("div", { class: "picker", role: "group", "aria-label": "Functions, up to four" });
  const input = element("input", { type: "text", maxlength: "240", spellcheck: "false", autocomplete: "off", "aria-label": "Your own function of x" });
  const use = button({ label: "Draw it", onclick: () => send() });
  const builder = button({ label: "Use it in the network builder", kind: "quiet builder-link", onclick: () => channel.send({ type: "go", slug: builder.dataset.slug, leaves: true }) });
  const refused = element("div", { class: "refused", role: "alert", hidden: true });
  root.append(chips, element("div", { class: "builder" }, element("span", { class: "label" }, "Your own f(x) ="), input, use, builder, refused));
  let typed = null;
  let accepted = "";
  const send = () => channel.send({ type: "expression", text: input.value });
  input.addEventListener("keydown", (event) => event.key === "Enter" && send());
  input.addEventListener("input", () => {
    typed = input.value;
    if (typed !== accepted || refused.hidden) return;
    say(null); // Changed back: nothing is wrong any more.
    channel.send({ type: "retract" });
  });

  function chip({ name, label, spark }, chosen) {
    const place = chosen.indexOf(name);
    return element("button", { type: "button", class: "chip", "data-name": name, "aria-pressed": String(place >= 0), style: place >= 0 ? `--tone:${tone(place).colour}` : null, onclick: () => channel.send({ type: "toggle", name }) },
      shape("svg", { viewBox: "0 0 52 26", "aria-hidden": "true" }, shape("path", { d: sparkPath(spark) })), element("span", { text: label }));
  }
  function say(wrong) {
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    refused.hidden = !wrong;
    const pointer = wrong && wrong.position !== null ? [element("pre", { text: `${wrong.text}\n${" ".repeat(wrong.position)}^` })] : [];
    refused.replaceChildren(...pointer, ...(wrong ? [document.createTextNode(wrong.message)] : []));
  }
  return {
    update(header) {
      accepted = header.expression;
      builder.hidden = !header.builder;
      builder.dataset.slug = header.builder ?? "";
      replaced(chips, header.functions.map((one) => chip(one, header.chosen)));
      if (typed === null || header.taken) {
        input.value = header.expression;
        typed = null;
      }
      say(header.refused);
    },
    redraw: () => adoptClassColours(root),
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
