// The four curves that may stand together: colour and dash, as in the class palette.

/** Stroke and name of curve number `index`; colours come from the theme's classes. */
export function tone(index) {
  return { colour: `var(--class-${(index % 4) + 1})`, dash: ["none", "9 4", "2 4", "12 4 2 4"][index % 4] };
}

/** Put the theme's class colours on an element as `--class-1` … `--class-8`. */
export function adoptClassColours(root) {
  const list = getComputedStyle(root).getPropertyValue("--st-chart-categorical-colors").split(",");
  list.slice(0, 8).forEach((colour, index) => root.style.setProperty(`--class-${index + 1}`, colour.trim()));
}
