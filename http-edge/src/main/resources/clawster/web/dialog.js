// A question in a dialog. Resolves to what was typed (or true), or to null when it was waved away.
import { say } from "./messages.js";

export function ask({ title, text, warning, field, confirm, danger = false }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const dialog = make("dialog", { className: "dialog" });
    const form = make("form");
    const heading = make("h2", { id: "dialog-title", textContent: title });
    dialog.setAttribute("aria-labelledby", heading.id);
    form.append(heading);
    if (text) form.append(make("p", { textContent: text }));
    if (warning) {
      const alert = make("p", { className: "warning", textContent: warning });
      alert.setAttribute("role", "alert");
      form.append(alert);
    }
    const input = field && make("input", {
      type: field.secret ? "password" : "text",
      value: field.value ?? "",
      required: true,
      maxLength: field.maxLength ?? 4096,
      autocomplete: "off",
    });
    if (input) {
      const label = make("label", { textContent: field.label });
      label.append(input);
      form.append(label);
    }
    const cancel = make("button", { type: "button", className: "quiet", textContent: say("cancel") });
    const agree = make("button", { type: "submit", className: danger ? "danger" : "primary", textContent: confirm });
    const row = make("div", { className: "dialog-row" });
    row.append(cancel, agree);
    form.append(row);
    dialog.append(form);

    let result = null;
    cancel.onclick = () => dialog.close();
    form.onsubmit = (event) => {
      event.preventDefault();
      result = input ? input.value.trim() : true;
      if (result) dialog.close();
    };
    dialog.onclose = () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(result);
    };
    document.body.append(dialog);
    dialog.showModal();
    if (input) input.select();
    else cancel.focus();
  });
}

/** For the gateway's client: which token to try. */
export const askToken = ({ wrong }) =>
  ask({
    title: say("tokenTitle"),
    text: say("tokenText"),
    warning: wrong ? say("tokenWrong") : null,
    field: { label: say("token"), secret: true },
    confirm: say("unlock"),
  });

const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);
