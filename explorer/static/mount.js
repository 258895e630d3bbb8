// What every component does when Streamlit calls it: build once, then update.

import { Channel, takeTurn } from "./channel.js";
import { quick, ride } from "./express.js";

const OUTDATED = "explorer:outdated"; // All parts of the page but the one that says so.
const LATE_MS = 10_000;
let outdated = -Infinity; // When that was said last.
const sheets = new Map();
const texts = new Map(); // of style sheets that came along with the code

/** Take style sheets by their names, so that they need not be fetched. */
export function bringSheets(all) {
  for (const [name, text] of Object.entries(all)) texts.set(name, text);
}

const textOf = async (name) => texts.get(name) ?? (await fetch(new URL(name, import.meta.url))).text();

/** Load a stylesheet beside this module once and return it, ready to adopt. */
export async function sheet(name) {
  if (!sheets.has(name)) {
    sheets.set(name, textOf(name).then((text) => {
      const made = new CSSStyleSheet();
      made.replaceSync(text);
      return made;
    }));
  }
  return sheets.get(name);
}

/** Split `[uint32 header length][JSON header][float32 values]` into its two parts. */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  const count = (bytes.byteLength - 4 - length) >> 2;
  // The payload may start at an address that is no multiple of four: copy it then.
  const values = start % 4 === 0
    ? new Float32Array(bytes.buffer, start, count)
    : new Float32Array(bytes.slice(4 + length).buffer, 0, count);
  return { header, values };
}

/** Relative luminance of `rgb(…)` or `#rrggbb`, 0 for black and 1 for white. */
export function luminance(colour) {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour.trim());
  const parts = hex
    ? [0, 2, 4].map((at) => parseInt(hex[1].slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  const linear = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/**
 * Whether the server has forgotten this page: it was started again and knows the first address
 * only. Then the page is opened anew at its address of now, and nothing of the new one is drawn.
 */
export function renewed(session, page = window) {
  if (!session) return false;
  page.__explorerSession ??= session;
  if (page.__explorerSession === session) return false;
  if (!page.__explorerLeaving) {
    page.__explorerLeaving = true;
    page.location.replace(page.location.href);
  }
  return true;
}

function markTheme(root) {
  const background = getComputedStyle(root).getPropertyValue("--st-background-color");
  const dark = luminance(background || "#ffffff") < 0.4;
  const changed = root.hasAttribute("data-dark") !== dark;
  root.toggleAttribute("data-dark", dark);
  return changed;
}

function open(args, create, styles) {
  const host = args.parentElement;
  const tree = host.getRootNode();
  tree.adoptedStyleSheets = styles;
  const root = document.createElement("div");
  root.className = "root";
  host.append(root);
  markTheme(root);
  const channel = new Channel((message) => host.__setState("gestures", message), { turn: takeTurn, express: shortWay(host) });
  const view = create(root, channel);
  const redraw = () => view.redraw?.();
  const follow = ({ detail }) => detail !== host && host.__lane && channel.send({ type: "refresh" });
  document.addEventListener(OUTDATED, follow);
  const resized = new ResizeObserver(redraw);
  resized.observe(root);
  // Streamlit swaps the theme's variables without telling components.
  const themed = new MutationObserver(() => markTheme(root) && redraw());
  for (const watched of [document.documentElement, document.body, document.head]) {
    themed.observe(watched, { attributes: true, childList: watched === document.head });
  }
  const close = () => {
    document.removeEventListener(OUTDATED, follow);
    [resized, themed].forEach((one) => one.disconnect());
    channel.close();
  };
  return { root, channel, view, close };
}

/** How gestures of this component may get their answers without Streamlit; null for other messages. */
function shortWay(host) {
  return (message) => {
    host.__sent?.(message);
    const riding = quick(message.events, host.__lane) ? ride(host.__lane, message) : null;
    return riding?.then((bytes) => host.__mounted && take(host, bytes)) ?? null;
  };
}

/** Show a message, unless something newer is shown already, and let the next gesture go. */
function take(host, bytes) {
  const { channel, view } = host.__mounted;
  const { header, values } = unpack(bytes);
  if (renewed(header.session)) return;
  host.__lane = header.express ?? host.__lane;
  if (!(header.frame < host.__frame)) {
    host.__frame = header.frame;
    host.__taken = header;
    view.update(header, values);
  }
  channel.answered(header.ack ?? null);
  if (header.page) channel.send({ type: "refresh", page: true });
  else if (header.settle) {
    outdated = performance.now();
    document.dispatchEvent(new CustomEvent(OUTDATED, { detail: host }));
  }
}

/**
 * Run one call of a component: build it the first time, update it every time.
 *
 * `create(root, channel)` returns `{ update(header, values), redraw?(), destroy?() }`.
 */
export function mounted(args, create, styles) {
  const host = args.parentElement;
  host.__setState = args.setStateValue;
  const first = !host.__mounted;
  host.__mounted ??= open(args, create, styles);
  if (args.data !== host.__data) {
    host.__data = args.data;
    take(host, args.data);
  }
  // Somebody was quicker than the page, and this part did not hear of it.
  if (first && host.__lane && performance.now() - outdated < LATE_MS) host.__mounted.channel.send({ type: "refresh" });
  return () => {
    const outer = host.getRootNode().host ?? host;
    if (outer.isConnected) return;
    host.__mounted?.close();
    host.__mounted?.view.destroy?.();
    host.__mounted = undefined;
  };
}
