// From data to pixels and back.

/** A linear scale from `[low, high]` to pixels `[from, to]`, with its inverse. */
export function scale([low, high], [from, to]) {
  const factor = (to - from) / (high - low);
  const toPixel = (value) => from + (value - low) * factor;
  toPixel.invert = (pixel) => low + (pixel - from) / factor;
  toPixel.domain = [low, high];
  toPixel.range = [from, to];
  return toPixel;
}

/** Round numbers inside `[low, high]`, about `count` of them, at least two. */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const far = (size) => Math.abs(Math.log(size / rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).reduce((best, size) => (far(size) < far(best) ? size : best));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let k = first; k <= last && found.length < 50; k += 1) found.push(Number((k * step).toFixed(digits + 2)));
  if (found.length < 2 && count < 9) return ticks(low, high, count + 1);
  return { values: found, digits: Math.min(digits, 6) };
}

/** The frame of a plot: outer size and the inner rectangle that carries data. */
export function frame(width, height, { left = 34, right = 8, top = 8, bottom = 32 } = {}) {
  return { width, height, left, top, right: width - right, bottom: height - bottom };
}

/** Mix two ranges, for the 200 ms in which axes adapt. */
export function between(from, to, share) {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}
