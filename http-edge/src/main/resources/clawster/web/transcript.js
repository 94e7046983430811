// The turns of a conversation on the page.
import { failed, plainText } from "./answer.js";
import { Component, h } from "./libraries.js";
import { Markdown, copyClicked, copyText } from "./markdown.js";
import { language, say } from "./messages.js";

const NEAR_THE_END = 80;

/** Stays at the newest line while the reader is there, and does not pull when they scrolled away. */
export class Transcript extends Component {
  scroller = null;
  following = true;

  componentDidMount() {
    this.toEnd();
  }

  componentDidUpdate(before) {
    const asked = this.props.turns.length > before.turns.length
      && this.props.turns.slice(before.turns.length).some((turn) => turn.role === "user");
    if (asked || this.following) this.toEnd();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const following = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    if (following === this.following) return;
    this.following = following;
    this.setState({});
  };

  render({ turns, phase, children }) {
    return h("div", { class: "transcript-frame" },
      h("div", {
        class: "transcript",
        ref: (node) => (this.scroller = node),
        onScroll: this.scrolled,
        onClick: copyClicked,
        role: "log",
        "aria-live": "off", // the announcer tells whole answers instead of every word as it falls
        "aria-busy": String(phase !== "idle"),
        tabIndex: -1,
      },
      h("div", { class: "column" },
        turns.map((turn, index) => h(turn.role === "user" ? Question : Answer, { key: index, turn, phase, spoken: language() })),
        children)),
      !this.following && h("button", {
        type: "button",
        class: "latest",
        onClick: () => {
          this.following = true;
          this.toEnd();
          this.setState({});
        },
      }, `↓ ${say("latest")}`));
  }
}

class Question extends Component {
  shouldComponentUpdate = (next) => next.turn.text !== this.props.turn.text || next.spoken !== this.props.spoken;

  render({ turn }) {
    return h("article", { class: "question" },
      h("h2", { class: "unseen" }, say("you")),
      h("p", null, turn.text));
  }
}

class Answer extends Component {
  // A finished answer never changes, so a growing one costs nothing to those above it.
  shouldComponentUpdate = (next) => next.turn !== this.props.turn || next.spoken !== this.props.spoken || (!next.turn.end && next.phase !== this.props.phase);

  render({ turn, phase }) {
    const last = turn.parts.at(-1);
    return h("article", { class: "answer" },
      h("h2", { class: "unseen" }, say("assistant")),
      turn.parts.map((part, index) => {
        const live = !turn.end && part === last;
        if (part.kind === "text") return h(Markdown, { key: index, text: part.text });
        if (part.kind === "reasoning") return h(Reasoning, { key: index, part, live });
        return h(Tool, { key: index, part, over: Boolean(turn.end) });
      }),
      !turn.end && h("p", { class: "working" },
        h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
        say(phase === "reconnecting" ? "reconnecting" : "working")),
      h(Ending, { turn }));
  }
}

function Reasoning({ part, live }) {
  return h("details", { class: "reasoning" },
    h("summary", null, say(live ? "thinking" : "thoughts")),
    h("p", null, part.text));
}

function Tool({ part, over }) {
  const state = failed(part) ? "toolFailed" : part.output !== null ? "toolDone" : over ? "toolDone" : "toolRunning";
  return h("details", { class: `tool ${state}` },
    h("summary", null,
      h("span", { class: "tool-name" }, part.name || say("tool")),
      h("span", { class: "tool-input" }, oneLine(part.input)),
      h("span", { class: "tool-state" }, toolState(state))),
    part.input && [h("h3", null, say("toolInput")), h("pre", { tabIndex: 0 }, pretty(part.input))],
    part.output !== null && [h("h3", null, say("toolOutput")), h("pre", { tabIndex: 0 }, pretty(part.output))]);
}

const toolState = (state) =>
  ({ toolFailed: say("toolFailed"), toolDone: say("toolDone"), toolRunning: say("toolRunning") })[state];

function Ending({ turn }) {
  if (!turn.end) return null;
  const notes = [
    turn.recovered && say("recovered"),
    turn.end.how === "stopped" && say("stopped"),
    turn.end.how === "brokeOff" && say("brokeOff"),
    turn.end.reason === "length" && say("cutShort"),
    turn.end.how === "done" && turn.parts.length === 0 && say("noAnswer"),
  ].filter(Boolean);
  const text = plainText(turn).trim();
  return h("footer", { class: "ending" },
    notes.map((note) => h("p", { key: note, class: "note" }, note)),
    text && h(CopyAnswer, { text }));
}

class CopyAnswer extends Component {
  copy = async () => {
    await copyText(this.props.text);
    this.setState({ copied: true });
    setTimeout(() => this.setState({ copied: false }), 1500);
  };

  render(_, { copied }) {
    return h("button", { type: "button", class: "quiet copy-answer", onClick: this.copy },
      say(copied ? "copied" : "copyAnswer"));
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function oneLine(input) {
  try {
    const value = JSON.parse(input);
    if (typeof value !== "object" || value === null) return String(value);
    return Object.values(value).map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(" · ");
  } catch {
    return input;
  }
}
