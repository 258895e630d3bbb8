// Small pictures by name: each is sent once, and asked for again where it is missing.

const MOST = 150; // Pictures in one answer.
const AGAIN_MS = 3000;

/** The names of `wanted` that are not kept and were not asked for a moment ago, at most `most`. */
export function missing(wanted, kept, asked, now, most = MOST) {
  const found = [];
  for (const id of new Set(wanted)) {
    if (found.length === most) break;
    if (!kept.has(id) && !(now - (asked.get(id) ?? -Infinity) < AGAIN_MS)) found.push(id);
  }
  return found;
}

/** Build the store; `ask(ids)` sends for pictures, `arrived()` is called when one can be drawn. */
export function pictureStore({ ask, arrived }) {
  const kept = new Map();
  const images = new Map();
  const asked = new Map();
  return {
    source: (id) => kept.get(id) ?? null,
    /** A picture ready for a canvas, or null until it is decoded. */
    image(id) {
      const one = images.get(id);
      return one?.complete && one.naturalWidth ? one : null;
    },
    take(pictures) {
      for (const [id, src] of Object.entries(pictures ?? {})) {
        kept.set(id, src);
        asked.delete(id);
        const image = new Image();
        image.addEventListener("load", arrived);
        image.src = src;
        images.set(id, image);
      }
    },
    /** Ask for what is missing of `ids`, and let go of what nobody shows any more. */
    want(ids) {
      const wanted = new Set(ids);
      for (const id of kept.keys()) if (!wanted.has(id)) { kept.delete(id); images.delete(id); }
      const now = performance.now();
      const lacking = missing(ids, kept, asked, now);
      lacking.forEach((id) => asked.set(id, now));
      if (lacking.length) ask(lacking);
    },
  };
}
