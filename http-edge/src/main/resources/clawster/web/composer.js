// Where messages are written. Keeps the draft; decides nothing.
import { Component, h } from "./libraries.js";
import { say } from "./messages.js";

const MAX_HEIGHT = 240;

export class Composer extends Component {
  field = null;

  componentDidMount() {
    this.field.value = this.props.draft;
    this.fit();
    this.setState({ empty: !this.field.value.trim() });
  }

  wrote = () => {
    this.props.onDraft(this.field.value);
    this.fit();
    this.setState({ empty: !this.field.value.trim() });
  };

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, MAX_HEIGHT)}px`;
  }

  send = () => {
    const text = this.field.value.trim();
    if (!text || this.props.busy) return;
    this.field.value = "";
    this.wrote();
    this.props.onSend(text);
    this.field.focus();
  };

  key = (event) => {
    // Vietnamese and Chinese keyboards use Enter to choose a word; that Enter does not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send();
  };

  render({ busy, onStop }, { empty = true }) {
    return h("form", {
      class: "composer",
      onSubmit: (event) => {
        event.preventDefault();
        this.send();
      },
    },
    h("div", { class: "composer-box" },
      h("textarea", {
        id: "message",
        ref: (node) => (this.field = node),
        rows: 1,
        placeholder: say("placeholder"),
        "aria-label": say("message"),
        "aria-describedby": "keys-hint",
        onInput: this.wrote,
        onKeyDown: this.key,
      }),
      busy
        ? h("button", { key: "stop", type: "button", class: "stop", onClick: onStop }, h("span", { class: "square", "aria-hidden": "true" }), say("stop"))
        : h("button", { key: "send", type: "submit", class: "send", disabled: empty }, say("send"))),
    h("p", { class: "keys-hint", id: "keys-hint" }, say("keysHint")));
  }
}
