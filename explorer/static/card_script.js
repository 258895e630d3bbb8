// This screen as PyTorch: the exact script, with copy and download.

import { cardFrame } from "./card_frame.js";
import { button, element } from "./elements.js";
import { copyText } from "./head.js";
import { calm } from "./motion.js";

const TOKENS = /(#.*$)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(import|from|as|for|in|if|else|elif|while|def|return|class|with|print|None|True|False|lambda|and|or|not)\b/gm;

/** Python source as `{kind, text}` pieces: comment, text, word, plain. */
export function highlighted(source) {
  const found = [];
  let last = 0;
  for (const match of source.matchAll(TOKENS)) {
    if (match.index > last) found.push({ kind: "plain", text: source.slice(last, match.index) });
    found.push({ kind: match[1] ? "comment" : match[2] ? "text" : "word", text: match[0] });
    last = match.index + match[0].length;
  }
  if (last < source.length) found.push({ kind: "plain", text: source.slice(last) });
  return found;
}

/** A card with the script of what is on screen now. */
export function scriptCard() {
  const { root, title, end, body } = cardFrame("script-card");
  root.id = "script";
  const pre = element("pre", { tabindex: "0", "aria-label": "PyTorch script" });
  const copy = button({ label: "Copy", glyph: "copy", kind: "small", onclick: doCopy });
  const download = button({ label: "Download", glyph: "download", kind: "small", onclick: doDownload });
  end.style.cssText = "display:flex;gap:6px";
  end.append(copy, download);
  body.append(element("p", { class: "sub", style: "margin-bottom:8px", text: "Run it as it stands: it prints the numbers that you see here." }), pre);
  let card = null;

  async function doCopy() {
    const done = await copyText(card.source);
    copy.querySelector("span").textContent = done ? "Copied" : "Select and copy";
    setTimeout(() => { copy.querySelector("span").textContent = "Copy"; }, 1600);
  }
  function doDownload() {
    const address = URL.createObjectURL(new Blob([card.source], { type: "text/x-python" }));
    element("a", { href: address, download: card.filename }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }
  const show = () => {
    root.scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
    pre.focus({ preventScroll: true });
  };
  document.addEventListener("explorer:code", show);
  return {
    root,
    update(next) {
      const changed = card?.source !== next.source;
      card = next;
      title.textContent = "This screen as PyTorch";
      if (changed) pre.replaceChildren(...highlighted(card.source).map(({ kind, text }) => (kind === "plain" ? document.createTextNode(text) : element("span", { class: kind, text }))));
    },
    destroy: () => document.removeEventListener("explorer:code", show),
  };
}
