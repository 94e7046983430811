// What a page knows of something at the gateway: as it was seen last, when, and why it is not known better.
import { noticeOf } from "./api.js";

/** A node that is asked and does not answer is as good as gone. */
const PATIENCE = 8000;

export class Watch {
  #ask;
  #changed;
  #every;
  #timer = null;
  #again = false;
  known = null;
  seen = null;
  notice = null;
  looking = false;

  /**
   * `ask(signal)` is a promise of what there is to know; `every` so many milliseconds it is asked again, while the page is
   * looked at. Without it only who says `look` looks.
   */
  constructor({ ask, changed, every = null }) {
    this.#ask = ask;
    this.#changed = changed;
    this.#every = every;
    if (every) {
      document.addEventListener("visibilitychange", () => {
        if (!document.hidden && !this.notice?.final) this.look();
      });
    }
  }

  /**
   * Looks, and again when that is done. What is seen may be from before somebody else asked for a look, so there is one
   * more for them. Who declined to give a token is not asked over and over.
   */
  async look() {
    clearTimeout(this.#timer);
    if (this.looking) {
      this.#again = true;
      return;
    }
    this.looking = true;
    this.#again = false;
    this.#changed();
    try {
      this.known = await this.#ask(AbortSignal.timeout(PATIENCE));
      this.seen = new Date();
      this.notice = null;
    } catch (error) {
      this.notice = noticeOf(error);
      if (error.status === 401) this.notice.final = true;
    }
    this.looking = false;
    this.#changed();
    if (this.#again && !this.notice?.final) return this.look();
    if (this.#every && !this.notice?.final && !document.hidden) this.#timer = setTimeout(() => this.look(), this.#every);
  }
}
