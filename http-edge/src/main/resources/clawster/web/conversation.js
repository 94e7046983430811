// One open session: its turns, the answer being written, and how that answer reaches us: by the
// request that asked for it, or, when that broke or another page asked, by the session's events.
import { answered, emptyAnswer, fromChunk, fromEvent, grow, turnsOf } from "./answer.js";
import { Refusal, noticeOf } from "./api.js";
import { eventsOf } from "./stream.js";

const MAX_FOLLOW_ATTEMPTS = 6;
const MAX_HISTORY_LOOKS = 40;
const HISTORY_LOOK_EVERY = 3000;
/** The gateway may retell a finished run. What ends this soon after we began to follow was history. */
const RETELLING = 250;

export const newKey = () => `agent:default:web-${random(8)}`;

/** By which the gateway knows a question again, so that sending it twice asks it once. */
const newRequestKey = () => `web-${random(16)}`;

const random = (bytes) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Conversation {
  /**
   * `changed()` is called whenever there is something new to show, `founded()` once the gateway keeps
   * the session, `ended(this, answer)` after each run.
   */
  constructor({ api, key, stored, changed, founded, ended }) {
    Object.assign(this, { api, key, changed, founded, ended });
    this.state = stored ? "loading" : "ready"; // loading | ready | unreadable
    this.exists = stored;
    this.turns = [];
    this.answer = null; // the answer being written
    this.phase = "idle"; // idle | answering | reconnecting
    this.asked = null; // {question, requestKey} of the run that this page began
    this.notice = null; // {kind: failed | unreachable | lost | refused | stopFailed, message, question, requestKey}
    this.lastId = null;
    this.asking = null;
    this.following = null;
  }

  /** The turns to show. A retold answer waits a moment, in case it turns out to be over. */
  get shown() {
    return this.answer && !this.held ? [...this.#before, this.answer] : this.turns;
  }

  /** The turns before the answer: a run told from its beginning replaces what history holds of it. */
  get #before() {
    return this.retold && this.turns.at(-1)?.role === "assistant" ? this.turns.slice(0, -1) : this.turns;
  }

  get busy() {
    return this.phase !== "idle" && !this.held;
  }

  async open() {
    if (!this.exists) return;
    const loaded = this.#load();
    this.follow({ reload: true });
    await loaded;
  }

  async retry() {
    this.state = "loading";
    this.changed();
    await this.open();
  }

  close() {
    this.asking?.abort();
    this.following?.abort();
    this.closed = true;
  }

  async #load() {
    try {
      const { messages } = await this.api.session(this.key);
      this.turns = turnsOf(messages);
      this.state = "ready";
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) {
        this.exists = false;
        this.state = "ready";
      } else if (this.state === "loading") {
        this.state = "unreadable";
        this.problem = noticeOf(error);
      }
    }
    this.changed();
  }

  // ---- asking

  async send(question, requestKey = newRequestKey()) {
    if (this.phase !== "idle" && !this.held) return;
    this.following?.abort();
    this.#settle();
    this.turns = [...this.turns, { role: "user", text: question }];
    const asked = (this.asked = { question, requestKey });
    this.notice = null;
    this.#begin("answering");
    const asking = (this.asking = new AbortController());
    let response = null;
    try {
      response = await this.api.complete(this.key, asked, asking.signal);
      if (!this.exists) this.founded();
      this.exists = true;
      for await (const { id, data } of eventsOf(response)) {
        if (asking.signal.aborted) return;
        if (id) this.lastId = id;
        if (data === "[DONE]") return this.#finish();
        for (const growth of fromChunk(JSON.parse(data))) this.#grow(growth);
        if (this.answer?.end?.how === "failed") return this.#finish();
      }
      if (this.answer?.end) return this.#finish();
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!response) return this.#fail(error, asked);
    }
    if (!asking.signal.aborted) this.#reconnect();
  }

  /**
   * Sends the question again, in place of the one before: under the same key while nobody knows what became of that, under a new
   * one where it is known to have failed, since the old one stands for the failure.
   */
  sendAgain() {
    const { question, requestKey } = this.notice;
    const at = this.turns.findLastIndex((turn) => turn.role === "user" && turn.text === question);
    if (at >= 0) this.turns = this.turns.slice(0, at);
    return this.send(question, requestKey);
  }

  async stop() {
    if (!this.busy) return;
    const { asking, following } = this;
    this.stopping = true; // until the run is over, its events would tell it anew
    this.#grow({ type: "end", how: "stopped" });
    this.#finish();
    try {
      await this.api.abort(this.key);
    } catch {
      this.notice = { kind: "stopFailed" };
      this.changed();
    }
    this.stopping = false;
    asking?.abort();
    following?.abort();
    if (this.phase === "idle") this.#listen();
  }

  dismiss() {
    this.notice = null;
    this.changed();
  }

  // ---- following

  /** Follows the session's events, so that runs begun elsewhere are seen here too. */
  async follow({ reload = false } = {}) {
    this.following?.abort();
    const following = (this.following = new AbortController());
    const { signal } = following;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const response = await this.api.events(this.key, this.lastId, signal);
        const since = performance.now();
        for await (const event of eventsOf(response)) {
          if (signal.aborted) return;
          attempt = 0;
          this.#saw(event, { early: performance.now() - since < RETELLING, reload });
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refusal && error.status === 410 && this.lastId) {
          // The gateway no longer keeps what was said there; the history has it.
          this.lastId = null;
          continue;
        }
        if (error instanceof Refusal && error.status < 500) break;
      }
      // Nothing runs, so nothing is missed: the page follows again when it is next looked at.
      if (this.phase === "idle") return;
      if (attempt >= MAX_FOLLOW_ATTEMPTS) break;
      this.phase = "reconnecting";
      this.changed();
      await pause(Math.min(8000, 250 * 2 ** attempt), signal);
    }
    if (!signal.aborted && !this.watching && this.phase !== "idle") this.#lose();
  }

  #saw({ id, name, data }, { early, reload }) {
    if (id) this.lastId = id;
    const growths = fromEvent(name, JSON.parse(data || "{}"));
    if (name === "run.accepted") this.#beginFollowed(early);
    else if (growths.length > 0 && this.phase === "idle" && growths[0].type !== "end") this.#begin("answering", early);
    if (this.phase === "idle") return;
    this.phase = "answering";
    for (const growth of growths) this.#grow(growth);
    if (!this.answer.end) return;
    if (this.held) {
      this.#settle();
      if (reload) this.#load();
    } else if (this.answer.end.how === "done") {
      this.#reread();
    } else {
      this.#finish();
    }
  }

  #beginFollowed(early) {
    const ours = this.phase === "reconnecting";
    const { asked } = this;
    this.#settle();
    if (ours) this.asked = asked;
    this.#begin("answering", early && !ours);
    if (ours || early) this.retold = true;
    // Someone else asked; the history knows what.
    else this.#load().then(() => (this.retold = this.answer !== null));
  }

  /** Our request broke before its answer was whole. */
  #reconnect() {
    this.phase = "reconnecting";
    this.changed();
    this.follow();
    this.#watchHistory(this.following.signal);
  }

  /** The run may have ended while nobody listened, and then no event will ever say so. */
  async #watchHistory(signal) {
    this.watching = true;
    for (let look = 0; look < MAX_HISTORY_LOOKS; look++) {
      await pause(look === 0 ? HISTORY_LOOK_EVERY / 4 : HISTORY_LOOK_EVERY, signal);
      if (signal.aborted || this.phase !== "reconnecting") break;
      const { messages, gone } = await this.api.session(this.key)
        .catch((error) => ({ gone: error instanceof Refusal && error.status < 500 }));
      if (gone) break;
      if (signal.aborted || this.phase !== "reconnecting") break;
      if (answered(messages) && turnsOf(messages).at(-2)?.text === this.asked?.question) return this.#reread();
    }
    this.watching = false;
    if (!signal.aborted && this.phase === "reconnecting") this.#lose();
  }

  // ---- the answer's life

  #begin(phase, held = false) {
    this.phase = phase;
    this.answer = emptyAnswer();
    this.retold = false;
    this.held = held;
    if (held) {
      this.release = setTimeout(() => {
        this.held = false;
        this.changed();
      }, RETELLING);
    }
    this.changed();
  }

  #settle() {
    clearTimeout(this.release);
    this.answer = null;
    this.asked = null;
    this.phase = "idle";
    this.held = false;
    this.retold = false;
    this.watching = false;
  }

  #grow(growth) {
    if (!this.answer || this.answer.end?.how === "failed") return;
    this.answer = grow(this.answer, growth);
    this.changed();
  }

  #finish() {
    const { answer } = this;
    if (!answer) return;
    const whole = answer.end ? answer : grow(answer, { type: "end", how: "done" });
    this.turns = [...this.#before, whole];
    this.#settle();
    if (whole.end.how === "failed") {
      this.notice = { kind: "failed", message: whole.end.message, question: this.#lastQuestion() };
    }
    this.#over(whole);
    // The request that asked is told of tool calls, but not of their results.
    if (whole.end.how === "done" && whole.parts.some((part) => part.kind === "tool" && part.output === null)) {
      this.#reread();
    }
  }

  /** The answer came by a side road; the history has it whole. */
  async #reread() {
    const { answer, turns } = this;
    const { messages } = await this.api.session(this.key).catch(() => ({}));
    if (this.answer !== answer || (!answer && this.turns !== turns)) return;
    if (answered(messages)) this.turns = turnsOf(messages);
    else if (answer) return this.#finish();
    this.#settle();
    this.changed();
    if (answer) this.#over(this.turns.at(-1));
  }

  #fail(error, asked) {
    this.#settle();
    this.notice = { ...noticeOf(error), ...(isKnown(error) ? { question: asked.question } : asked) };
    this.changed();
  }

  /** What somebody else asked is not ours to ask again. */
  #lose() {
    const { answer, asked } = this;
    if (answer.parts.length > 0) this.turns = [...this.#before, { ...answer, end: { type: "end", how: "lost" } }];
    this.#settle();
    this.notice = { kind: "lost", ...asked };
    this.changed();
  }

  #over(answer) {
    this.changed();
    this.ended(this, answer);
    if (!this.stopping) this.#listen();
  }

  /** Listens for the next run, unless we still do. */
  #listen() {
    if (!this.closed && (!this.following || this.following.signal.aborted)) this.follow();
  }

  #lastQuestion() {
    return this.turns.findLast((turn) => turn.role === "user")?.text;
  }
}

/** Whether a call that threw surely began nothing; a gateway in trouble may have begun it all the same. */
const isKnown = (error) => error instanceof Refusal && error.status < 500;

const pause = (millis, signal) =>
  new Promise((resume) => {
    const timer = setTimeout(resume, millis);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resume();
    }, { once: true });
  });
