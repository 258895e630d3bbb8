// What a person is told while the server does not answer: a line, not a window over the page.

import { element } from "./elements.js";

const BREATH_MS = 1200; // A connection that is back by then was never missed.
const WORDS = "The connection is lost. What you had is still here, and the page goes on by itself.";
const RENEWED = "explorer-renewed";
const RENEW_MS = 30_000;
const STATE = "data-test-connection-state"; // Streamlit's own mark; without it its own window stays.

/** Whether Streamlit has lost a connection that there was. */
export function lost(before, state) {
  return Boolean(before) && state !== null && state !== "CONNECTED";
}

/** Streamlit's window on the connection makes the whole page inert: close it as soon as it opens. */
export function closeWindow(added) {
  const window = added.matches?.('[data-testid="stDialog"]') ? added : null;
  if (window?.querySelector("h2")?.textContent !== "Connection error") return false;
  window.style.display = "none";
  setTimeout(() => window.querySelector('button[aria-label="Close"]')?.click(), 0);
  return true;
}

/** Whether an error means that Streamlit's page has come apart: it draws nothing any more then. */
export const broken = (error) => /delta path/.test(String(error?.message ?? error));

/** Open the page anew at its address, but not again and again. */
export function renewBroken(error, page = window, now = Date.now()) {
  if (!broken(error) || now - Number(page.sessionStorage.getItem(RENEWED) ?? 0) < RENEW_MS) return false;
  page.sessionStorage.setItem(RENEWED, String(now));
  page.location.reload();
  return true;
}

/** Watch the connection until it is told to stop; `back()` is called when it is there again. */
export function watchConnection(back, app = document.querySelector('[data-testid="stApp"]')) {
  const line = element("div", { class: "connection", role: "status" });
  document.body.append(line);
  let was = false;
  let timer = null;
  const look = () => {
    const state = app.getAttribute(STATE);
    if (state === "CONNECTED") was = true;
    const gone = lost(was, state);
    if (!gone) {
      if (timer !== null) back();
      clearTimeout(timer);
      timer = null;
      line.textContent = "";
    } else if (timer === null) timer = setTimeout(() => { line.textContent = WORDS; }, BREATH_MS);
  };
  const marks = new MutationObserver(look);
  const windows = new MutationObserver((all) => app.hasAttribute(STATE) && all.forEach(({ addedNodes }) => addedNodes.forEach(closeWindow)));
  if (app) {
    marks.observe(app, { attributes: true, attributeFilter: [STATE] });
    windows.observe(document.body, { childList: true });
    look();
  }
  const failed = ({ reason }) => renewBroken(reason);
  window.addEventListener("unhandledrejection", failed);
  return () => {
    clearTimeout(timer);
    marks.disconnect();
    windows.disconnect();
    window.removeEventListener("unhandledrejection", failed);
    line.remove();
  };
}
