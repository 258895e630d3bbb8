import assert from "node:assert/strict";
import { test } from "node:test";

import { load, near, random } from "./browser.mjs";

const { levels, rings, sample } = await load("contours.js");
const { handlePlaces, residualSquare, visibleLine } = await load("regression_data.js");
const { arrowParts, clampInto } = await load("regression_surface.js");
const { regressionScene, withHand } = await load("regression_scene.js");
const { camera, facets, unproject } = await load("surface_relief.js");
const { eased, placement, prepare } = await load("surface_map.js");
const { scale } = await load("scales.js");
const { tickCounts } = await load("axes.js");

// -- contours --------------------------------------------------------------------------

function grid(width, height, value) {
  return Float32Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width)));
}
const area = (ring) => Math.abs(ring.reduce((sum, [x, y], at) => {
  const [nextX, nextY] = ring[(at + 1) % ring.length];
  return sum + (x * nextY - nextX * y) / 2;
}, 0));
function insideRings(all, x, y) {
  let inside = false;
  for (const ring of all) {
    ring.forEach(([px, py], at) => {
      const [qx, qy] = ring[(at + 1) % ring.length];
      if (py > y !== qy > y && x < px + ((y - py) / (qy - py)) * (qx - px)) inside = !inside;
    });
  }
  return inside;
}
const closed = (ring) => {
  const [[x, y], [lastX, lastY]] = [ring[0], ring[ring.length - 1]];
  return Math.abs(x - lastX) <= 1 && Math.abs(y - lastY) <= 1;
};

test("a circle is one ring, round and of the right size", () => {
  const values = grid(41, 41, (x, y) => Math.hypot(x - 20, y - 20));
  const found = rings(values, 41, 41, 12.3);
  assert.equal(found.length, 1);
  for (const [x, y] of found[0]) assert.ok(near(Math.hypot(x - 20, y - 20), 12.3, 0.01));
  assert.ok(near(area(found[0]), Math.PI * 12.3 ** 2, 0.01));
  assert.ok(closed(found[0]));
});

test("a hole is a second ring", () => {
  const found = rings(grid(41, 41, (x, y) => Math.abs(Math.hypot(x - 20, y - 20) - 10)), 41, 41, 3);
  assert.equal(found.length, 2);
  const sizes = found.map(area).sort((p, q) => p - q);
  assert.ok(near(sizes[0], Math.PI * 49, 0.05) && near(sizes[1], Math.PI * 169, 0.05));
  assert.ok(insideRings(found, 30, 20) && !insideRings(found, 20, 20) && !insideRings(found, 39, 20));
});

test("a saddle has two parts, and each is closed at the border", () => {
  const found = rings(grid(31, 31, (x, y) => (x - 15) * (y - 15)), 31, 31, -20);
  assert.equal(found.length, 2);
  for (const ring of found) {
    assert.ok(closed(ring));
    for (const [x, y] of ring) assert.ok(x >= 0 && x <= 30 && y >= 0 && y <= 30);
  }
  assert.ok(insideRings(found, 25, 5) && insideRings(found, 5, 25));
  assert.ok(!insideRings(found, 25, 25) && !insideRings(found, 15, 15));
});

test("the saddle point itself is crossed without an error", () => {
  const found = rings(Float32Array.from([0, 1, 1, 0]), 2, 2, 0.5);
  assert.ok(found.length >= 1);
  for (const [x, y] of found.flat()) assert.ok(Number.isFinite(x) && Number.isFinite(y));
});

test("everything below the level fills the picture, nothing below it is no ring", () => {
  const [whole] = rings(grid(8, 6, () => 1), 8, 6, 2);
  assert.ok(near(area(whole), 7 * 5, 0.01));
  assert.deepEqual(rings(grid(8, 6, () => 3), 8, 6, 2), []);
});

test("for any landscape a place is inside of the rings if it lies below the level", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const draw = random(seed);
    const values = grid(9, 7, () => draw());
    const found = rings(values, 9, 7, 0.5);
    for (let row = 0; row < 7; row += 1) {
      for (let column = 0; column < 9; column += 1) {
        // A hair off the grid point, so that it never lies on an edge of the border.
        const [x, y] = [column + (column === 8 ? -1e-4 : 1e-4), row + (row === 6 ? -1.1e-4 : 1.1e-4)];
        if (Math.abs(values[row * 9 + column] - 0.5) > 0.01) assert.equal(insideRings(found, x, y), values[row * 9 + column] <= 0.5);
      }
    }
    for (const ring of found) assert.ok(closed(ring));
  }
});

test("levels go up by a ratio, below the highest, and there are not too many", () => {
  assert.deepEqual(levels(0.5, 2, 5), [0.5, 1, 2, 4]);
  assert.deepEqual(levels(4, 2, 4), []);
  assert.equal(levels(1e-9, 2, 1e9).length, 9);
});

test("between grid points the surface is bilinear, and beyond the edge it stays", () => {
  const values = grid(5, 4, (x, y) => 2 * x - 3 * y + 0.5 * x * y);
  for (const [x, y] of [[0, 0], [4, 3], [1.25, 2.5], [3.9, 0.1]]) assert.ok(near(sample(values, 5, 4, x, y), 2 * x - 3 * y + 0.5 * x * y, 1e-6));
  assert.equal(sample(values, 5, 4, -7, 99), sample(values, 5, 4, 0, 3));
});

// -- the left picture ------------------------------------------------------------------

const [XS, YS] = [[-2, 4], [-5, 9]];

test("only the visible part of a line is drawn, and it lies on the line", () => {
  const draw = random(5);
  for (let k = 0; k < 2000; k += 1) {
    const [m, b] = [(draw() - 0.5) * 10 ** (draw() * 6 - 2), (draw() - 0.5) * 60];
    const seen = visibleLine(m, b, XS, YS);
    const crosses = Array.from({ length: 4001 }, (_, at) => m * (-2 + (6 * at) / 4000) + b).some((y) => y > -5 && y < 9);
    if (seen === null) assert.ok(!crosses);
    else {
      for (const [x, y] of seen) {
        assert.ok(near(y, m * x + b, 1e-9));
        assert.ok(x >= -2 && x <= 4 && y >= -5 - 1e-6 * Math.abs(m) && y <= 9 + 1e-6 * Math.abs(m));
      }
      assert.ok(seen[0][0] < seen[1][0]);
    }
  }
  assert.deepEqual(visibleLine(0, 1, XS, YS), [[-2, 1], [4, 1]]);
  assert.equal(visibleLine(0, 10, XS, YS), null);
});

test("both handles are always within reach", () => {
  const draw = random(6);
  for (let k = 0; k < 2000; k += 1) {
    const [m, b] = [(draw() - 0.5) * 10 ** (draw() * 6 - 2), (draw() - 0.5) * 60];
    const [left, right] = handlePlaces(m, b, XS, YS);
    for (const [x, y] of [left, right]) assert.ok(x > -2 && x < 4 && y >= -5.001 && y <= 9.001, `${m} ${b}: ${x} ${y}`);
    assert.ok(left[0] < right[0]);
  }
});

test("the square on a residual touches its point and its line and has equal sides", () => {
  for (const [m, tooHigh] of [[1, true], [1, false], [-1, true], [-1, false], [0, true]]) {
    const [pointY, lineY] = tooHigh ? [120, 80] : [80, 120]; // Pixels grow downwards.
    const { x, y, side } = residualSquare(200, pointY, lineY, m, tooHigh);
    assert.equal(side, 40);
    assert.equal(y, 80);
    assert.ok(x === 200 || x + side === 200);
  }
});

test("the square lies where the line leaves it room", () => {
  // A rising line that is too low: the free side, above the line, is the left one.
  assert.equal(residualSquare(200, 80, 120, 1, false).x, residualSquare(200, 120, 80, -1, true).x);
  assert.notEqual(residualSquare(200, 80, 120, 1, false).x, residualSquare(200, 80, 120, -1, false).x);
  for (const [m, tooHigh] of [[1, true], [1, false], [-1, true], [-1, false]]) {
    const [pointY, lineY] = tooHigh ? [120, 80] : [80, 120];
    const { x, side } = residualSquare(200, pointY, lineY, m, tooHigh);
    const far = x === 200 ? 200 + side : x;
    const lineThere = lineY - m * (far - 200) * 0.5; // m is per unit; the sign is what counts.
    assert.ok(tooHigh ? lineThere <= lineY : lineThere >= lineY, "the line turns away from the square");
  }
});

// -- the right picture -----------------------------------------------------------------

const BOX = { left: 34, right: 434, top: 8, bottom: 308 };

test("an arrow points from the dot to the next step, or there is none", () => {
  const { shaft, head } = arrowParts([100, 100], [200, 100]);
  assert.equal(shaft, "M111 100L191 100");
  assert.equal(head, "M198 100l-10 5l0 -10z");
  assert.equal(arrowParts([0, 0], [10, 0]), null);
  assert.equal(arrowParts([0, 0], [0, 0]), null);
  assert.equal(arrowParts([0, 0], [NaN, 3]), null);
});

test("what lies outside is shown on the edge", () => {
  assert.deepEqual(clampInto([100, 100], BOX), { point: [100, 100], outside: false });
  assert.deepEqual(clampInto([-50, 900], BOX), { point: [46, 296], outside: true });
  assert.deepEqual(clampInto([40, 100], BOX, 0), { point: [40, 100], outside: false });
  assert.ok(clampInto([434.5, 100], BOX, 0).outside);
});

const SCENE = {
  size: [16, 16], gridView: { m: [-1, 3], b: [-4, 6] }, base: 0.5, ratio: 2, power: 2, best: { m: 1, b: 1, loss: 0.25 },
  grid: grid(16, 16, (column, row) => 0.25 + ((column - 7.5) / 4) ** 2 + ((row - 7.5) / 5) ** 2),
};

test("a turned picture keeps the whole surface in its frame", () => {
  for (const turn of [0, 45, 137, 330]) {
    for (const tilt of [8, 38, 85]) {
      const project = camera(SCENE, BOX, [turn, tilt], 5);
      for (const m of [-1, 3]) for (const b of [-4, 6]) {
        const { x, y, depth } = project(m, b, 0);
        assert.ok([x, y, depth].every(Number.isFinite));
        assert.ok(x > BOX.left - 80 && x < BOX.right + 80 && y > BOX.top - 80 && y < BOX.bottom + 80);
      }
      assert.ok(project(1, 1, 4).y < project(1, 1, 1).y, "higher losses stand higher");
    }
  }
});

test("what lies farther away has more depth", () => {
  const project = camera(SCENE, BOX, [0, 38], 5);
  assert.ok(project(1, 6, 0).depth > project(1, -4, 0).depth);
  assert.ok(project(1, 6, 0).y < project(1, -4, 0).y);
});

test("a drag in the relief moves the dot under the pointer", () => {
  const draw = random(8);
  for (let k = 0; k < 300; k += 1) {
    const project = camera(SCENE, BOX, [360 * draw(), 8 + 77 * draw()], 5);
    const [m, b, loss] = [-1 + 4 * draw(), -4 + 10 * draw(), 5 * draw()];
    const [dx, dy] = [40 * (draw() - 0.5), 40 * (draw() - 0.5)];
    const [dm, db] = unproject(project, m, b, loss, dx, dy, 0.04, 0.1);
    const [from, to] = [project(m, b, loss), project(m + dm, b + db, loss)];
    assert.ok(near(to.x - from.x, dx, 1e-6) && near(to.y - from.y, dy, 1e-6));
  }
});

test("facets come back to front, cover the grid, and know their level", () => {
  const ready = prepare(SCENE);
  const found = facets(SCENE, camera(SCENE, BOX, [30, 40], ready.highest), ready);
  assert.equal(found.length, 15 * 15);
  found.slice(1).forEach(({ depth }, at) => assert.ok(depth <= found[at].depth));
  for (const { corners, level } of found) {
    assert.equal(corners.length, 4);
    assert.ok(level >= 0 && level <= ready.levels.length);
  }
  assert.ok(found.some(({ level }) => level === 0) && found.some(({ level }) => level === ready.levels.length));
});

test("contours are found where they are straightest, at the same places", () => {
  const { levels: found, highest } = prepare(SCENE);
  assert.equal(highest, Math.max(...SCENE.grid));
  for (const { level, rings: all } of found) {
    assert.ok(all.length > 0);
    for (const [column, row] of all.flat().filter(([x, y]) => x > 0.01 && x < 14.99 && y > 0.01 && y < 14.99)) {
      assert.ok(near(sample(SCENE.grid, 16, 16, column, row), level, 0.06));
    }
  }
  assert.equal(eased(SCENE.grid, 0, 1).values, SCENE.grid);
  const { values, ease } = eased(Float32Array.of(4.25, 0.25, 0), 0.25, 2);
  assert.deepEqual([...values, ease(9.25), ease(0)], [2, 0, 0, 3, 0]);
});

test("grid places are those of the ranges that the grid was computed on", () => {
  const place = placement(SCENE, scale([-1, 3], [BOX.left, BOX.right]), scale([-4, 6], [BOX.bottom, BOX.top]));
  assert.deepEqual(place([0, 0]), [BOX.left, BOX.bottom]);
  assert.deepEqual(place([15, 15]), [BOX.right, BOX.top]);
});

test("an axis has at least two ticks, and more where there is room", () => {
  assert.deepEqual(tickCounts({ left: 34, right: 50, top: 8, bottom: 20 }), [2, 2]);
  const [across, down] = tickCounts({ left: 34, right: 834, top: 8, bottom: 408 });
  assert.ok(across > 8 && down > 5);
});

// -- frames from Python and the hand ---------------------------------------------------

const HEADER = { size: [2, 3], total: 2, shown: 1, residuals: "squares", surface: "relief", m: 1, b: 2, next: [3, 4], points: [[0, 0], [1, 1]], gridView: { m: [0, 1], b: [0, 1] } };
const VALUES = Float32Array.from({ length: 6 + 9 }, (_, at) => at);

test("a frame is the surface, then the path, then the losses", () => {
  const scene = regressionScene(HEADER, VALUES);
  assert.deepEqual([...scene.grid], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...scene.path], [6, 7, 8, 9, 10, 11]);
  assert.deepEqual([...scene.losses], [12, 13, 14]);
  assert.deepEqual([scene.squares, scene.relief], [true, true]);
  const other = regressionScene({ ...HEADER, residuals: "lines", surface: "contours" }, VALUES);
  assert.deepEqual([other.squares, other.relief], [false, false]);
});

test("what is in the hand is where the pointer is, and Python's frame stays as it was", () => {
  const scene = regressionScene(HEADER, VALUES);
  assert.equal(withHand(scene, null), scene);
  assert.deepEqual(withHand(scene, { kind: "point", index: 1, x: 5, y: 6 }).points, [[0, 0], [5, 6]]);
  assert.deepEqual(withHand(scene, { kind: "point", index: 7, x: 5, y: 6 }).points, HEADER.points);
  assert.deepEqual(scene.points, [[0, 0], [1, 1]]);
  assert.deepEqual(withHand(scene, { kind: "turn", turn: [1, 2] }).turn, [1, 2]);
});

test("a line in the hand starts a new path, and its next step is not known yet", () => {
  const scene = regressionScene(HEADER, VALUES);
  for (const kind of ["line", "dot"]) {
    const held = withHand(scene, { kind, m: 5, b: 6 });
    assert.deepEqual([held.m, held.b, held.shown, held.next], [5, 6, 0, null]);
    assert.deepEqual([...held.path], [5, 6]);
  }
  assert.deepEqual(withHand(scene, { kind: "line", m: 1.0001, b: 2 }).next, [3, 4]);
});
