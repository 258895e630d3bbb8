// Short texts with a little markup, built as nodes and never as HTML.
//   *m* a letter of mathematics   **bold**   `code`   [[term]] or [[term|shown]]

import { element, icon } from "./elements.js";

const PIECES = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[\[(.+?)\]\]/g;

/** Split marked-up text into `{kind, text, term?}` pieces. */
export function pieces(text) {
  const found = [];
  let last = 0;
  for (const match of String(text).matchAll(PIECES)) {
    if (match.index > last) found.push({ kind: "plain", text: text.slice(last, match.index) });
    const [whole, bold, math, code, term] = match;
    if (bold !== undefined) found.push({ kind: "bold", text: bold });
    else if (math !== undefined) found.push({ kind: "math", text: math });
    else if (code !== undefined) found.push({ kind: "code", text: code });
    else {
      const [name, shown = name] = term.split("|");
      found.push({ kind: "term", text: shown, term: name });
    }
    last = match.index + whole.length;
  }
  if (last < text.length) found.push({ kind: "plain", text: text.slice(last) });
  return found;
}

function showNote(anchor, text) {
  const root = anchor.closest(".root");
  root.querySelector(".term-note")?.remove();
  const note = element("div", { class: "term-note", role: "tooltip", text });
  root.append(note);
  const [box, frame] = [anchor.getBoundingClientRect(), root.getBoundingClientRect()];
  note.style.left = `${Math.max(0, Math.min(box.left - frame.left, frame.width - note.offsetWidth))}px`;
  note.style.top = `${box.bottom - frame.top + 6}px`;
  const onkey = (event) => {
    if (event.key === "Escape") note.remove();
    if (!note.isConnected) document.removeEventListener("keydown", onkey);
  };
  document.addEventListener("keydown", onkey);
}

const hideNote = (event) => event.target.closest(".root")?.querySelector(".term-note")?.remove();

/** Attributes that let an element explain itself to mouse, touch and keyboard. */
function explaining(text) {
  const show = (event) => showNote(event.currentTarget, text);
  return { onmouseenter: show, onfocus: show, onclick: show, onmouseleave: hideNote, onblur: hideNote };
}

/** A small i that says one sentence about what it stands beside. */
export function helpButton(text, about) {
  return element("button", { type: "button", class: "help", "aria-label": `About ${about}: ${text}`, ...explaining(text) }, icon("info", "small"));
}

/** The label of a control, which explains the control when it is touched. */
export function labelled(text, help) {
  if (!help) return element("span", { class: "label", text });
  return element("button", { type: "button", class: "label", text, "aria-label": `${text}: ${help}`, ...explaining(help) });
}

function termNode(piece, glossary) {
  const meaning = glossary?.[piece.term];
  if (!meaning) return document.createTextNode(piece.text);
  return element("button", { type: "button", class: "term", text: piece.text, "aria-label": `${piece.text}: ${meaning}`, ...explaining(meaning) });
}

/** Marked-up text as nodes; terms that `glossary` knows explain themselves on touch. */
export function rich(text, glossary = {}) {
  return pieces(text).map((piece) => {
    if (piece.kind === "plain") return document.createTextNode(piece.text);
    if (piece.kind === "term") return termNode(piece, glossary);
    const tag = { bold: "b", math: "span", code: "code" }[piece.kind];
    return element(tag, { class: piece.kind === "math" ? "math" : null, text: piece.text });
  });
}
