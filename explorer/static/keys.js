// Keys that drive the page: only when nobody is typing, and letters only as long as they may.

const KEPT = "explorer:letters";

/** Whether a key press is meant for the page: no modifier, not typed into a field. */
export function plainKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.composedPath()[0];
  return !/^(input|textarea|select)$/i.test(target?.tagName ?? "") && !target?.isContentEditable;
}

/** Whether letters do something; who speaks to the computer or hits keys by accident says no. */
export function lettersWork() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // A browser that keeps nothing.
  }
}

/** Let letters do something, or nothing; this browser remembers it. */
export function letLettersWork(on) {
  try {
    if (on) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
  } catch { /* Then it cannot be said either. */ }
}

/** Whether a letter is meant for the page. */
export function letterKey(event, letter) {
  return event.key.toLowerCase() === letter && plainKey(event) && lettersWork();
}
