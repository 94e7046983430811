// The list of sessions: what there is, newest first, and what one may do with each.
import { noticeOf } from "./api.js";

const PAGE = 50;
const MOST_AT_ONCE = 200; // more the gateway does not list in one answer
const MAX_TITLE = 60;

export class Sessions {
  constructor({ api, changed }) {
    Object.assign(this, { api, changed });
    this.list = [];
    this.total = 0;
    this.state = "loading"; // loading | ready | unlisted
    this.wanted = PAGE;
  }

  async load() {
    try {
      const { sessions, total } = await this.#newest(this.wanted);
      this.list = sessions.toSorted((one, other) => time(other.updated) - time(one.updated));
      this.total = total;
      this.state = "ready";
    } catch (error) {
      this.state = "unlisted";
      this.problem = noticeOf(error);
    }
    this.changed();
  }

  /** Page by page; what moved from one to the next meanwhile is there once. */
  async #newest(wanted) {
    const found = new Map();
    for (let offset = 0; ; offset += MOST_AT_ONCE) {
      const limit = Math.min(MOST_AT_ONCE, wanted - offset);
      const { sessions, total } = await this.api.sessions(limit, offset);
      sessions.forEach((session) => found.set(session.key, session));
      if (sessions.length < limit || offset + limit >= wanted) {
        return { sessions: [...found.values()], total: total ?? found.size };
      }
    }
  }

  more() {
    this.wanted += PAGE;
    return this.load();
  }

  get hasMore() {
    return this.total > this.wanted;
  }

  find(key) {
    return this.list.find((session) => session.key === key);
  }

  async rename(key, label) {
    await this.api.rename(key, label);
    await this.load();
  }

  async remove(key) {
    await this.api.remove(key);
    await this.load();
  }

  async reset(key) {
    await this.api.reset(key);
    await this.load();
  }
}

/** A session's name: its label, or its key unless that is only a number we made up. */
export function titleOf(session) {
  if (session?.label) return session.label;
  const key = session?.key?.replace(/^agent:[^:]+:/, "") ?? "";
  return /^web-[0-9a-f]+$/.test(key) ? "" : key;
}

/** A label out of the first question: its first line, cut between words. */
export function labelFrom(question) {
  const line = question.trim().split("\n")[0].replace(/\s+/g, " ");
  if (line.length <= MAX_TITLE) return line;
  const cut = Array.from(line).slice(0, MAX_TITLE - 1).join("");
  return `${cut.replace(/\s+\S*$/, "")}…`;
}

const time = (moment) => new Date(moment ?? 0).getTime() || 0;
