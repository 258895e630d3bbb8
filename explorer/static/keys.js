// Keys that drive the page: only when nobody is typing.

/** Whether a key press is meant for the page: no modifier, not typed into a field. */
export function plainKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.composedPath()[0];
  return !/^(input|textarea|select)$/i.test(target?.tagName ?? "") && !target?.isContentEditable;
}
