// The short way of a move: posted to a route of the explorer's own, without a rerun of Streamlit.

import { servedAt } from "./saving.js";

const PATIENCE_MS = 6000;

/** Whether a message holds nothing but moves, which are all that may take the short way. */
export function quick(events, lane) {
  return Boolean(lane) && events.length > 0 && events.every((event) => event.moving === true || lane.types.includes(event.type));
}

/** Post a message; the bytes of the answer, or an error when there is none. */
export async function ride(lane, message) {
  const answer = await fetch(servedAt(lane.address), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return new Uint8Array(await answer.arrayBuffer());
}
