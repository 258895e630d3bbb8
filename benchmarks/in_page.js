// Clocks inside the page: when something that a person can see was painted.

// The lesson takes a move from whichever of the two comes first.
const MOVES = ["pointermove", "pointerrawupdate"];

window.bench = (() => {
  const trees = () => [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  const find = (selector) => {
    for (const tree of [document, ...trees()]) {
      const found = tree.querySelector(selector);
      if (found) return found;
    }
    return null;
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  // A message sent in a frame arrives after that frame was painted.
  const afterPaint = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  });
  const painted = () => frame().then(afterPaint);

  const seen = {
    stage: () => find(".root[data-frame] canvas.surface")?.style.width,
    home: () => find(".lessons .lesson"),
    chart: () => find(".js-plotly-plot .plot-container .main-svg"),
  };
  const PATIENCE_MS = 20000;
  const late = (what) => new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
  const until = async (name) => {
    const limit = performance.now() + PATIENCE_MS;
    do {
      await frame();
      if (performance.now() > limit) throw late(name);
    } while (!seen[name]());
    return afterPaint();
  };

  const stageRoot = () => find("canvas.surface").closest(".root");
  const answered = (root) => new Promise((done, failed) => {
    const limit = setTimeout(() => failed(late("an answer")), PATIENCE_MS);
    const observer = new MutationObserver(() => {
      clearTimeout(limit);
      observer.disconnect();
      painted().then(done);
    });
    observer.observe(root, { attributes: true, attributeFilter: ["data-frame"] });
  });

  const onClick = (measure) => new Promise((done, failed) => {
    const clicked = (event) => measure(event.timeStamp).then(done, failed);
    addEventListener("click", clicked, { once: true, capture: true });
  });
  const since = (began, names) => Promise.all(names.map(async (name) => (await until(name)) - began));

  /** Time of every answered message of a drag, from the pointer move that it shows. */
  function watchDrag() {
    const root = stageRoot();
    const host = root.parentNode;
    const ages = [];
    const sent = new Map();
    let moved = null;
    const onmove = (event) => { moved = { event: event.timeStamp, handler: performance.now() }; };
    for (const name of MOVES) addEventListener(name, onmove, true);
    // Every message passes here on its way; it holds the newest move.
    host.__sent = (message) => {
      if (moved && message.events.some((event) => event.type === "point")) sent.set(message.token, moved);
    };
    const token = () => host.__taken.ack;
    const observer = new MutationObserver(async () => {
      const from = sent.get(token());
      sent.delete(token());
      if (!from) return;
      const now = await painted();
      ages.push([now - from.event, now - from.handler, now]);
    });
    observer.observe(root, { attributes: true, attributeFilter: ["data-frame"] });
    const stop = () => {
      observer.disconnect();
      for (const name of MOVES) removeEventListener(name, onmove, true);
      delete host.__sent;
      return ages;
    };
    return { ages, stop };
  }

  /** The same without waiting in between: each move is made when the last was painted. */
  async function dragInTurn(count) {
    const root = stageRoot();
    const svg = find("svg.data");
    const point = find('[data-point="4"] .mark');
    const box = point.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const fire = (target, type, px, py) => target.dispatchEvent(new PointerEvent(type, {
      bubbles: true, composed: true, pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, clientX: px, clientY: py,
    }));
    svg.setPointerCapture = () => {};
    fire(point, "pointerdown", x, y);
    const times = [];
    for (let turn = 1; turn <= count; turn += 1) {
      const began = performance.now();
      const done = answered(root);
      fire(svg, "pointermove", x + 20 * Math.sin(turn / 5), y - 60 + 40 * Math.cos(turn / 7));
      times.push((await done) - began);
    }
    fire(svg, "pointerup", x, y);
    delete svg.setPointerCapture;
    return times;
  }

  return {
    until,
    watchDrag,
    dragInTurn,
    clickToPages: (names) => onClick((began) => since(began, names)),
    clickToAnswer: () => onClick(async (began) => (await answered(stageRoot())) - began),
  };
})();
