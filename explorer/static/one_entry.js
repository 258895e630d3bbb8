// One entry of the browser's history for each page: Streamlit pushes a second, bare one.

/** Whether an entry would only repeat the page that is open, without its settings. */
export function repeats(url, here) {
  if (url === null || url === undefined) return false;
  return new URL(url, here).pathname === new URL(here).pathname;
}

/** Let `history.pushState` leave out entries that only repeat the page that is open. */
export function oneEntryForEachPage(page = window) {
  const { history } = page;
  if (history.__oneEntry) return;
  const push = history.pushState.bind(history);
  history.__oneEntry = true;
  history.pushState = (state, title, url) => {
    if (!repeats(url, page.location.href)) push(state, title, url);
  };
}
