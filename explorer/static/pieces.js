// One large file on its way to Python: its pieces go one by one, each after the answer to the last.

import { base64 } from "./augmentation_upload.js";

export const PIECE = 2_000_000; // Bytes in one message.
const LONGEST_PATIENCE_MS = 30_000;

/**
 * How long to wait for the answer to so many letters before they are sent again: a small file like
 * any gesture, but megabytes not after a second.
 */
export const patienceFor = (count, usual) => Math.min(LONGEST_PATIENCE_MS, Math.max(usual, (LONGEST_PATIENCE_MS * count) / PIECE));

/** The pieces of a file as `[from, end, last]`. */
export function slices(size, piece = PIECE) {
  const count = Math.max(1, Math.ceil(size / piece));
  return Array.from({ length: count }, (_, at) => [at * piece, Math.min(size, (at + 1) * piece), at === count - 1]);
}

/** A part of a file as letters. */
export async function letters(file, from = 0, end = file.size) {
  return base64(new Uint8Array(await file.slice(from, end).arrayBuffer()));
}

/** A button's hidden field that sends the chosen file as gestures of one `type`. */
export function fileSender(channel, { type, input }) {
  const patience = channel.patience;
  let waiting = null;

  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = "";
    if (!file || waiting) return;
    waiting = { id: `${Date.now()}`, file, pieces: slices(file.size), reading: false };
    pump();
  });
  async function pump() {
    if (!waiting || channel.busy || waiting.reading) return;
    const [piece] = waiting.pieces;
    if (!piece) {
      waiting = null;
      channel.patience = patience;
      channel.send({ type: "rest" }); // Streamlit sends what was set last with every rerun: let the file go.
      return;
    }
    waiting.reading = true;
    const [from, end, last] = piece;
    const { file, id } = waiting;
    let data = null;
    try {
      data = await letters(file, from, end);
    } catch {
      waiting = null; // A folder, or a file that was taken away meanwhile.
      channel.send({ type: "unreadable", names: [file.name] });
      return;
    }
    waiting.pieces.shift();
    waiting.reading = false;
    channel.patience = patienceFor(data.length, patience);
    channel.send({ type, upload: id, name: file.name, size: file.size, at: from, data, last });
  }
  return {
    get busy() { return waiting !== null; },
    /** Called with every answer of Python, after the channel has taken note of it. */
    pump: () => queueMicrotask(pump),
  };
}
