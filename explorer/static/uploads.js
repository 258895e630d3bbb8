// Files on their way to Python: many small ones in one message, a large one in pieces.

import { letters, patienceFor, PIECE } from "./pieces.js";

/** The next message of a list of files: `{files}` that fit together, or `{part}` of a large one. */
export function nextPiece(queue, piece = PIECE) {
  if (!queue.length) return null;
  const [first] = queue;
  if (first.file.size > piece) {
    const end = Math.min(first.file.size, first.sent + piece);
    return { part: first, from: first.sent, end, last: end === first.file.size };
  }
  const files = [];
  let size = 0;
  for (const one of queue) {
    if (one.file.size > piece || one.label !== first.label || size + one.file.size > piece || files.length === 40) break;
    files.push(one);
    size += one.file.size;
  }
  return { files };
}

/** Build the queue; `add(files, label)` takes files, `pump()` is called with every answer. */
export function uploader(channel, { progress }) {
  const patience = channel.patience;
  let queue = [];
  let flying = null;
  let total = 0;
  let done = 0;
  let number = 0;

  async function send() {
    const next = nextPiece(queue);
    flying = next;
    if (!next) return;
    const size = next.files ? next.files.reduce((sum, { file }) => sum + file.size, 0) : next.end - next.from;
    channel.patience = patienceFor((size * 4) / 3, patience);
    try {
      if (next.files) {
        const files = await Promise.all(next.files.map(async ({ file }) => ({ name: file.name, data: await letters(file) })));
        channel.send({ type: "files", label: next.files[0].label, files, more: queue.length > next.files.length });
      } else {
        const { part, from, end, last } = next;
        channel.send({ type: "piece", label: part.label, upload: part.id, name: part.file.name, size: part.file.size, at: from, data: await letters(part.file, from, end), last });
      }
    } catch {
      const lost = next.files ?? [next.part]; // A folder, or a file that was taken away meanwhile.
      queue = queue.filter((one) => !lost.includes(one));
      channel.send({ type: "unreadable", names: lost.map(({ file }) => file.name) });
      flying = { files: [] };
    }
  }
  function step() {
    if (!flying) return;
    if (flying.files) {
      queue = queue.filter((one) => !flying.files.includes(one));
      done += flying.files.length;
    } else {
      flying.part.sent = flying.end;
      if (flying.last) {
        queue = queue.filter((one) => one !== flying.part);
        done += 1;
      }
    }
    flying = null;
  }
  return {
    get busy() { return flying !== null; },
    add(files, label) {
      const fresh = Array.from(files, (file) => ({ id: `${Date.now()}-${(number += 1)}`, file, label, sent: 0 }));
      if (!queue.length) [total, done] = [0, 0];
      queue.push(...fresh);
      total += fresh.length;
      progress(done, total);
      if (!flying) send();
    },
    /** Called with every answer of Python. */
    pump() {
      if (!flying || channel.busy) return;
      step();
      progress(done, total);
      if (queue.length) {
        send();
        return;
      }
      channel.patience = patience;
      channel.send({ type: "rest" }); // Streamlit sends what was set last with every rerun: let the file go.
    },
    cancel() {
      queue = [];
      progress(0, 0);
    },
  };
}
