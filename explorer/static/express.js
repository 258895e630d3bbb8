// The short way of a gesture: posted to a route of the explorer's own, without a rerun of Streamlit.

import { servedAt } from "./saving.js";

const PATIENCE_MS = 6000;

/** Whether a message may take the short way: not what opens another page or needs the whole one. */
export function quick(events, lane) {
  return Boolean(lane) && events.length > 0 && !events.some((event) => event.leaves || event.page);
}

/** Post a message; a promise of the bytes of the answer, or null if it is too large for this way. */
export function ride(lane, message) {
  const body = JSON.stringify(message);
  return body.length > lane.largest ? null : asked(lane, body);
}

async function asked(lane, body) {
  const answer = await fetch(servedAt(lane.address), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return new Uint8Array(await answer.arrayBuffer());
}
