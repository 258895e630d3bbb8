// Elements, pictures and icons without a framework.

const SVG = "http://www.w3.org/2000/svg";

function attach(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element: `element("button", {class: "button", onclick: f}, "Play")`. */
export function element(tag, attributes, ...children) {
  return attach(document.createElement(tag), attributes, children);
}

/** An SVG element with the same calling convention. */
export function shape(tag, attributes, ...children) {
  return attach(document.createElementNS(SVG, tag), attributes, children);
}

/** Set attributes, but only those that changed: the browser repaints what is touched. */
export function put(one, attributes) {
  const known = (one.__put ??= {});
  for (const [name, value] of Object.entries(attributes)) {
    if (known[name] === value) continue;
    known[name] = value;
    if (name === "text") one.textContent = value;
    else if (value === null || value === false) one.removeAttribute(name);
    else one.setAttribute(name, value);
  }
  return one;
}

const FOCUSABLE = "button, input, select";
const said = (one) => one.getAttribute("aria-label") ?? one.textContent;

/**
 * Replace what a holder holds. Whoever had the focus inside finds it on the control of the same
 * name, or at the same place; the answer is false if there is none left.
 */
export function replaced(holder, children) {
  const active = holder.getRootNode().activeElement;
  const place = [...holder.querySelectorAll(FOCUSABLE)].indexOf(active);
  holder.replaceChildren(...children);
  if (place < 0) return true;
  const left = [...holder.querySelectorAll(FOCUSABLE)].filter((one) => !one.disabled);
  const next = left.find((one) => said(one) === said(active)) ?? left[Math.min(place, left.length - 1)];
  next?.focus({ preventScroll: true });
  return Boolean(next);
}

/** Give a layer one child for each set of attributes, keeping the children it has. */
export function fill(layer, tag, all) {
  while (layer.childNodes.length > all.length) layer.lastChild.remove();
  all.forEach((attributes, index) => put(layer.childNodes[index] ?? layer.appendChild(shape(tag)), attributes));
}

const ICONS = {
  play: '<path class="solid" d="M7 4.8v14.4c0 .8.9 1.3 1.6.8l11-7.2c.6-.4.6-1.2 0-1.6l-11-7.2C7.900 3.500 7 4 7 4.800z"/>',
  pause: '<rect class="solid" x="6" y="4.500" width="4.200" height="15" rx="1.300"/><rect class="solid" x="13.800" y="4.500" width="4.200" height="15" rx="1.300"/>',
  reset: '<path d="M4 11.500a8 8 0 1 1 2.300 6.100"/><path d="M4 5.500v6h6"/>',
  link: '<path d="M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L12 6.300"/><path d="M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.100-1.100"/>',
  screen: '<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/>',
  code: '<path d="m8 7-5 5 5 5M16 7l5 5-5 5"/>',
  plus: '<path d="M12 5.500v13M5.500 12h13"/>',
  minus: '<path d="M5.500 12h13"/>',
  pulse: '<path d="M3 12h4l2.500-6 4.500 12 2.500-6H21"/>',
  check: '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
  cross: '<path d="m6 6 12 12M18 6 6 18"/>',
  copy: '<rect x="8.500" y="8.500" width="11.500" height="11.500" rx="2"/><path d="M15.500 5.500V5A1.500 1.500 0 0 0 14 3.500H5.500A1.500 1.500 0 0 0 4 5v8.500A1.500 1.500 0 0 0 5.500 15H6"/>',
  download: '<path d="M12 4v11m0 0 4.500-4.500M12 15l-4.500-4.500M5 19h14"/>',
  info: '<circle cx="12" cy="12" r="8.500"/><path d="M12 11v5M12 7.800v.1"/>',
  back: '<path class="solid" d="M17.500 5.800v12.400c0 .8-.9 1.200-1.500.7l-8-6.200c-.5-.4-.5-1 0-1.400l8-6.200c.6-.5 1.500-.1 1.500.7z"/><path d="M6 5v14"/>',
  stop: '<rect class="solid" x="6.500" y="6.500" width="11" height="11" rx="1.500"/>',
  columns: '<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M12 4v16"/>',
  brush: '<path d="M4 20c3 .3 5-.7 5-3a2 2 0 0 0-4 0c0 1.500-.5 2.200-1 3z"/><path d="M9.500 15.500 19 5"/>',
  table: '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M4 10h16M10 10v10"/>',
  undo: '<path d="M8 5 4 9l4 4"/><path d="M4 9h10a5.500 5.500 0 0 1 0 11h-3"/>',
  pencil: '<path d="m14.500 4.500 5 5L10 19l-6 1 1-6z"/>',
  eraser: '<path d="m8.500 19-5-5 10-10 7 7-8 8z"/><path d="M7 20h13M9 8.500l7 7"/>',
  trash: '<path d="M5 7h14M10 7V4.500h4V7M7 7l.800 12.500h8.400L17 7M10.300 10.500v5.500M13.700 10.500v5.500"/>',
  gear: '<path d="M4 8h8.500M18.500 8H20M4 16h1.500M11.500 16H20"/><circle cx="15.500" cy="8" r="3"/><circle cx="8.500" cy="16" r="3"/>',
  chevron: '<path d="m6 9.500 6 6 6-6"/>',
  up: '<path d="m6 14.500 6-6 6 6"/>',
};

/** A named icon on the 24 grid; `size` is "" or "small". */
export function icon(name, size = "") {
  const holder = document.createElementNS(SVG, "svg");
  holder.setAttribute("class", `icon ${size}`);
  holder.setAttribute("viewBox", "0 0 24 24");
  holder.setAttribute("aria-hidden", "true");
  holder.innerHTML = ICONS[name];
  return holder;
}

/** A button with an icon and a word, or with an accessible name and a title. */
export function button({ label, name = label, glyph = null, kind = "", key = null, title = null, onclick }) {
  return element(
    "button",
    { type: "button", class: `button ${kind}`, "aria-label": name, title: title ?? (label ? null : name), onclick },
    glyph ? icon(glyph) : null,
    label ? element("span", { text: label }) : null,
    key ? element("kbd", { text: key, "aria-hidden": "true" }) : null,
  );
}
