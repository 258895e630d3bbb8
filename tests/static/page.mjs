// As much of a page as the cards need: a tree of elements that can be pressed and typed into.

class Part {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, listeners: {}, childNodes: [], parent: null, value: "", checked: false, disabled: false });
    this.style = { setProperty: (name, value) => { this.style[name] = value; } };
    this.dataset = {};
  }
  get children() { return this.childNodes; }
  get firstChild() { return this.childNodes[0]; }
  get lastChild() { return this.childNodes[this.childNodes.length - 1]; }
  get parentElement() { return this.parent; }
  get hidden() { return "hidden" in this.attributes; }
  set hidden(off) { if (off) this.attributes.hidden = ""; else delete this.attributes.hidden; }
  get className() { return this.attributes.class ?? ""; }
  set className(text) { this.attributes.class = text; }
  get title() { return this.attributes.title ?? ""; }
  get textContent() { return this.words ?? this.childNodes.map((one) => (typeof one === "string" ? one : one.textContent)).join(""); }
  set textContent(text) { this.replaceChildren(); this.words = String(text); }
  setAttribute(name, value) { this.attributes[name] = String(value); if (name === "value") this.value = String(value); if (name === "disabled") this.disabled = true; }
  getAttribute(name) { return this.attributes[name] ?? null; }
  removeAttribute(name) { delete this.attributes[name]; }
  toggleAttribute(name, on) { if (on) this.attributes[name] = ""; else delete this.attributes[name]; }
  addEventListener(name, call) { (this.listeners[name] ??= []).push(call); }
  append(...parts) { for (const part of parts) this.insertBefore(part, null); }
  appendChild(part) { this.append(part); return part; }
  insertBefore(part, before) {
    part.remove?.();
    this.words = null;
    const at = before ? this.childNodes.indexOf(before) : this.childNodes.length;
    this.childNodes.splice(at, 0, part);
    if (typeof part !== "string") part.parent = this;
  }
  replaceChildren(...parts) { for (const one of [...this.childNodes]) one.remove?.(); this.childNodes = []; this.words = null; this.append(...parts); }
  replaceWith(other) { this.parent.insertBefore(other, this); this.remove(); }
  remove() { if (this.parent) this.parent.childNodes.splice(this.parent.childNodes.indexOf(this), 1); this.parent = null; }
  contains(other) { return Boolean(other) && (other === this || this.contains(other.parent)); }
  after(other) { this.parent.insertBefore(other, this.parent.childNodes[this.parent.childNodes.indexOf(this) + 1] ?? null); }
  select() { this.focus(); }
  focus() { globalThis.document.activeElement = this; fire(this, "focusin"); }
  setPointerCapture() {}
  querySelector(tag) { return all(this, tag)[0] ?? null; }
  querySelectorAll(tags) { return tags.split(", ").flatMap((tag) => all(this, tag)); }
  getRootNode() { return globalThis.document; }
}

/** Every element below one that has a tag or a class (".name"). */
export function all(root, wanted) {
  const fits = (one) => (wanted.startsWith(".") ? one.className.split(" ").includes(wanted.slice(1)) : one.tag === wanted);
  return root.childNodes.filter((one) => typeof one !== "string").flatMap((one) => [...(fits(one) ? [one] : []), ...all(one, wanted)]);
}

/** The one element with an accessible name. */
export function labelled(root, name) {
  const found = ["button", "input", "div"].flatMap((tag) => all(root, tag)).filter((one) => one.getAttribute("aria-label") === name);
  if (found.length !== 1) throw new Error(`${found.length} elements are called "${name}"`);
  return found[0];
}

/** Let an event happen at an element and at everything around it. */
export function fire(target, name, details = {}) {
  const event = { target, stopped: false, preventDefault() {}, stopPropagation() { event.stopped = true; }, ...details };
  for (let one = target; one && !event.stopped; one = one.parent) {
    for (const call of one.listeners[name] ?? []) call({ ...event, currentTarget: one });
  }
}

export const press = (target) => { if (!target.disabled) fire(target, "click"); };
export const key = (target, name, details = {}) => fire(target, "keydown", { key: name, ...details });

globalThis.document = { hidden: false, activeElement: null, createElement: (tag) => new Part(tag), createElementNS: (_, tag) => new Part(tag), createTextNode: (text) => Object.assign(new Part("#text"), { words: text }), addEventListener() {}, removeEventListener() {} };
globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => globalThis.theme?.[name] ?? "" });

/** A channel that keeps what is sent. */
export const channel = () => { const sent = []; return { sent, busy: false, unhurried: (usual) => usual, holdsAll: () => true, send: (event) => sent.push(event) }; };
