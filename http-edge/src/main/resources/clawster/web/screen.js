// What the pages have in common: the document they are shown in, and what is done there only after a question.
import { noticeOf } from "./api.js";
import { ask } from "./dialog.js";
import { render } from "./libraries.js";
import { language } from "./messages.js";

export function show(title, page) {
  document.documentElement.lang = language();
  document.title = `${title} · Clawster`;
  render(page, document.getElementById("app"));
}

/** For those who hear the page. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** What a page does when it is told to, and whether the gateway refused the last of it. */
export class Deeds {
  #draw;
  #watch;
  refused = null;

  constructor({ draw, watch }) {
    this.#draw = draw;
    this.#watch = watch;
  }

  /** Asks first, says what came of it, and looks again. */
  async after(question, deed, told) {
    if (!(await ask(question))) return;
    try {
      await deed();
      this.refused = null;
      announce(told);
    } catch (error) {
      this.refused = noticeOf(error);
    }
    this.#draw();
    this.#watch.look();
  }

  dismiss = () => {
    this.refused = null;
    this.#draw();
  };
}
