// When to ask for the next moments, and when to paint those that have come.

import { CALM_MS } from "./motion.js";

const QUICK = 25; // From so many a second on, the next moments are asked for at once.
const STORED = 6; // Painted frames lag behind: wait before asking for more.

/** Milliseconds until the next tick, `elapsed` after the last one. */
export function waitFor(speed, turbo, elapsed, stored) {
  if (stored >= STORED) return 30;
  if (speed === turbo || Number(speed) >= QUICK) return 0;
  return Math.max(0, 1000 / Number(speed) - elapsed);
}

/**
 * Plays a run: `ask(seconds)` fetches moments, `paint(moment)` shows one in each frame.
 *
 * Moments that come together are painted one by one; the newest is never skipped. While
 * `calm()` only the newest is painted, twice a second: the run itself is as fast as ever.
 */
export class PlayClock {
  constructor({ ask, paint, now = () => performance.now(), frame = (call) => requestAnimationFrame(call), calm = () => false }) {
    Object.assign(this, { ask, paint, now, frame, calm });
    this.stored = [];
    this.playing = false;
    this.timer = null;
    this.asked = 0;
    this.waiting = false;
  }

  start() {
    this.playing = true;
    this.asked = this.now();
    this.request(true);
  }

  stop() {
    this.playing = false;
    clearTimeout(this.timer);
    this.timer = null;
  }

  request(first = false) {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.playing) return;
    if (document.hidden) { // Nobody looks: ask again later.
      this.timer = setTimeout(() => this.request(true), 500);
      return;
    }
    const at = this.now();
    const seconds = first ? 0.05 : (at - this.asked) / 1000;
    this.asked = at;
    this.ask(seconds);
  }

  /** Take the moments of an answer; when nothing plays, the last one is shown at once. */
  receive(moments, { speed, turbo }) {
    if (!this.playing || document.hidden) {
      this.stored = [];
      this.paint(moments[moments.length - 1]);
    } else if (this.calm()) {
      this.stored = [];
      this.paint(moments[moments.length - 1]);
    } else {
      this.stored.push(...moments);
      while (this.stored.length > 2 * STORED) this.stored.shift();
      this.run();
    }
    if (!this.playing || this.timer !== null) return; // With a timer, the next tick is planned.
    const elapsed = this.now() - this.asked;
    const wait = Math.max(this.calm() ? CALM_MS - elapsed : 0, waitFor(speed, turbo, elapsed, this.stored.length));
    if (wait === 0) this.request();
    else {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.request(), wait);
    }
  }

  run() {
    if (this.waiting) return;
    this.waiting = true;
    this.frame(() => {
      this.waiting = false;
      const next = this.stored.shift();
      if (next) this.paint(next);
      if (this.stored.length) this.run();
    });
  }
}
