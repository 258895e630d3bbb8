// Gestures on their way to Python: one message in flight, the newest drag wins.

/** Put `event` behind `queue`, or over its last entry if both are moves of one thing or wishes to see what is there. */
export function enqueue(queue, event) {
  const last = queue[queue.length - 1];
  if (last && last.type === "refresh" && event.type === "refresh" && Boolean(last.page) === Boolean(event.page)) return queue;
  if (event.moving && last && last.moving && last.type === event.type && last.target === event.target) {
    return [...queue.slice(0, -1), event];
  }
  return [...queue, event];
}

const FRAME_MS = 20;
// What pages ask by themselves takes a quarter of the time at most.
const [TRIPS, LONGEST_WAIT_MS] = [3, 2000];
const OFTEN = 5; // So many reminders come soon, the others later: the network may be gone for a while.
const LATER = 3; // Times the patience.
const LOST_MS = 600_000; // By then the server has forgotten the page.

// Streamlit sends all state that was set in one turn of the event loop as one rerun of one
// fragment. Components of different fragments therefore take turns.
let taken = false;
const waiting = [];

/** Call `post` now, or in a later turn of the event loop if another was called in this one. */
export function takeTurn(post) {
  if (taken) {
    waiting.push(post);
    return;
  }
  taken = true;
  post();
  setTimeout(() => {
    taken = false;
    const next = waiting.shift();
    if (next) takeTurn(next);
  }, 0); // As Streamlit's own timer: one queue, so this runs after it, however late both are.
}

/** What a message moves, if it holds nothing but moves of one thing; null otherwise. */
export function soleMove(events) {
  const [first] = events;
  const same = (event) => event.moving && event.type === first.type && event.target === first.target;
  return first && events.every(same) ? `${first.type}:${first.target}` : null;
}

const LEAVING_MS = 15_000;
let leaving = null; // The channel that opens another page.
let until = null;

/**
 * Let all channels but one hold still until another page is open, or for some seconds: what they
 * sent meanwhile would bring the old page back, because Streamlit names the page in every message.
 */
function leave(channel) {
  leaving = channel;
  clearTimeout(until);
  until = setTimeout(arrived, LEAVING_MS);
  until.unref?.();
}

/** Whether a message opens another page. A reminder of it would bring back the old one, too. */
const opens = ({ events }) => events.some((event) => event.leaves);

/** The other page is open. */
export function arrived() {
  leaving = null;
  clearTimeout(until);
}

/** Whether a page only looks at what is there: such a message may be overtaken by a hand. */
export const looks = (event) => (event.type === "look" || event.type === "refresh") && !event.page;

/** Sends events to Python, one message at a time, and never loses one. */
export class Channel {
  constructor(post, { now = () => performance.now(), patience = 1000, turn = (call) => call(), express = () => null } = {}) {
    this.post = post;
    this.turn = turn;
    this.express = express; // Takes a message the short way and promises an answer, or returns null.
    this.now = now;
    this.patience = patience;
    this.id = Math.random().toString(36).slice(2, 10);
    this.sequence = 0;
    this.queue = [];
    this.waitingFor = null;
    this.flying = []; // What is waited for.
    this.sentAt = 0;
    this.nextMove = null;
    this.nextReminder = null;
    this.trip = 0; // Milliseconds that the last answer took.
  }

  /**
   * How long to wait, instead of `usual` milliseconds, before a page asks for something by itself.
   * Where answers are slow, many people ask: what nobody has asked for then comes less often.
   */
  unhurried(usual) {
    return Math.max(usual, Math.min(LONGEST_WAIT_MS, TRIPS * this.trip));
  }

  /** Whether an answer is still to come: nothing else is sent before, so that nothing is lost. */
  get busy() {
    return this.waitingFor !== null && this.now() - this.sentAt < LOST_MS;
  }

  /**
   * Whether the answer to `token` holds all that was sent. A hand that has let go and grasped again
   * before the answer came would otherwise be put back to where it was a moment ago.
   */
  holdsAll(token) {
    return !this.queue.length && (this.waitingFor === null || this.waitingFor === token);
  }

  /** Ask Python for something; `{moving: true, target}` lets later moves replace it. */
  send(event) {
    this.queue = enqueue(this.queue, event);
    if (!this.busy || (this.flying.every(looks) && !looks(event))) this.flush();
  }

  /** Take note that Python has answered the message named `token`. */
  answered(token) {
    if (token === this.waitingFor && token !== null) {
      this.trip = this.now() - this.sentAt;
      this.waitingFor = null;
      if (leaving === this) arrived(); // Whoever is still there to be answered has not left.
    }
    if (!this.queue.length || this.busy) return;
    if (soleMove(this.queue) === null) {
      this.flush();
      return;
    }
    // The hand is moving: its next place is a frame away at most, and fresher than this one.
    clearTimeout(this.nextMove);
    this.nextMove = setTimeout(() => this.queue.length && !this.busy && this.flush(), FRAME_MS);
    this.nextMove.unref?.();
  }

  flush() {
    clearTimeout(this.nextMove);
    this.sequence += 1;
    this.waitingFor = `${this.id}:${this.sequence}`;
    this.sentAt = this.now();
    const events = this.queue;
    this.flying = events;
    this.queue = [];
    const message = { token: this.waitingFor, events };
    if (opens(message)) leave(this);
    const usual = () => {
      this.hand(message);
      this.remind(message);
    };
    const short = this.express(message);
    if (short === null) usual();
    else short.catch(() => message.token === this.waitingFor && usual());
  }

  /** Post a message, unless another page is being opened: then it is reminded of later. */
  hand(message) {
    if (leaving === null || leaving === this) this.turn(() => this.post(message));
  }

  /** A message without an answer is sent again until there is one: Python takes each token once. */
  remind(message, number = 0) {
    this.nextReminder = setTimeout(() => {
      if (this.waitingFor !== message.token) return;
      if (this.busy) {
        this.hand(message);
        this.remind(message, number + 1);
      } else {
        this.waitingFor = null;
        if (this.queue.length) this.flush();
      }
    }, opens(message) ? LEAVING_MS : this.unhurried(this.patience * (number < OFTEN ? 1 : LATER)));
    this.nextReminder.unref?.();
  }

  /** Send nothing any more: the component has gone. */
  close() {
    clearTimeout(this.nextMove);
    clearTimeout(this.nextReminder);
  }
}
