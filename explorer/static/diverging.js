// The diverging scale of the theme: negative, zero, positive.

const parse = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** A function from −1 … 1 to [red, green, blue], from the theme's ten colours. */
export function divergingRamp(root) {
  const style = getComputedStyle(root);
  const listed = style.getPropertyValue("--st-chart-diverging-colors").split(",").map((one) => one.trim());
  const zero = style.getPropertyValue("--st-gray-background-color").trim();
  const colours = listed.length >= 10 && /^#/.test(listed[0]) ? listed.map(parse) : [[184, 80, 10], [31, 99, 198]];
  const half = colours.length / 2;
  const middle = parse(/^#[0-9a-f]{6}$/i.test(zero) ? zero : "#f1f2f5");
  const stops = [...colours.slice(0, half), middle, ...colours.slice(half)];
  return (value) => {
    const place = ((Math.min(1, Math.max(-1, Number.isFinite(value) ? value : 0)) + 1) / 2) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(place));
    return stops[low].map((part, channel) => Math.round(part + (stops[low + 1][channel] - part) * (place - low)));
  };
}
