// The moving picture of a lesson: which module draws it, and the small picture until it is there.

import { element, shape } from "./elements.js";
import { networkPreview, regressionPreview, tangentPreview } from "./preview_plane.js";
import { drawsPreview, neighboursPreview, trainingPreview } from "./preview_pictures.js";
import { thumbnailPicture } from "./thumbnail.js";

const KINDS = {
  regression: regressionPreview, tangent: tangentPreview, network: networkPreview,
  training: trainingPreview, draws: drawsPreview, neighbours: neighboursPreview,
};

/** A pane of a preview: `cover` fills its frame and lets the sides be cut, else all is shown. */
export function pane(width, height, children, cover = false) {
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: cover ? "xMidYMid slice" : "xMidYMid meet", "aria-hidden": "true", style: `flex-grow:${width}` }, ...children);
}

/** Where a preview that plays for ever stands: all its moments, then a rest at the last one. */
export function moment(step, count, rest) {
  return Math.min(count - 1, step % (count + rest));
}

/**
 * Draw the picture of a lesson.
 *
 * Returns `{ root, count, show(at), recolour?() }`; `count` is 1 for a picture that stands still.
 */
export function preview(data) {
  const make = KINDS[data.kind];
  if (!make) return { root: element("div", { class: "picture" }, thumbnailPicture(data)), count: 1, show() {} };
  const made = make(data, pane);
  made.show(0);
  return { ...made, root: element("div", { class: "picture" }, made.panes) };
}
