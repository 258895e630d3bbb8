// What the stage knows of a frame, and what the hand changes before Python answers.

/** A frame from Python as a scene; `values` holds the surface, then path and losses. */
export function regressionScene(header, values) {
  const [columns, rows] = header.size;
  const surface = columns * rows;
  const count = header.total + 1;
  return {
    ...header,
    grid: values.subarray(0, surface),
    path: values.subarray(surface, surface + 2 * count),
    losses: values.subarray(surface + 2 * count, surface + 3 * count),
    gridView: header.gridView,
    squares: header.residuals === "squares",
    relief: header.surface === "relief",
  };
}

/** The scene as the hand has it: the grabbed thing is where the pointer is. */
export function withHand(scene, hand) {
  if (!hand) return scene;
  if (hand.kind === "turn") return { ...scene, turn: hand.turn };
  if (hand.kind === "point") {
    const points = scene.points.slice();
    if (hand.index < points.length) points[hand.index] = [hand.x, hand.y];
    return { ...scene, points };
  }
  // A moved line starts a new path; the next step is not known until Python answers.
  const same = Math.abs(scene.m - hand.m) < 1e-3 && Math.abs(scene.b - hand.b) < 1e-3;
  return { ...scene, m: hand.m, b: hand.b, shown: 0, path: [hand.m, hand.b], losses: [scene.loss], next: same ? scene.next : null };
}
