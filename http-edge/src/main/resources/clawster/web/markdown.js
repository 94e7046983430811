// Markdown into HTML that is safe to show. A model's words are a stranger's words: they may not load
// anything from elsewhere (an image address can carry a secret away), nor dress up as our controls.
import { Component, DOMPurify, Marked, h } from "./libraries.js";
import { language, say } from "./messages.js";

const ALLOWED = {
  ALLOWED_TAGS: (
    "a abbr b blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd " +
    "li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var"
  ).split(" "),
  ALLOWED_ATTR: "align alt class colspan dir href lang open rowspan src start title".split(" "),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};
const PICTURE = /^data:image\/(png|jpeg|gif|webp);/i;
const ADDRESS = /^(https?:|mailto:)/i;

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    image({ href, text }) {
      const alt = escape(text);
      return PICTURE.test(href)
        ? `<img src="${escape(href)}" alt="${alt}">`
        : `<a href="${escape(href)}">${alt || escape(href)} ↗</a>`;
    },
  },
});

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.nodeName === "A") {
    if (ADDRESS.test(node.getAttribute("href") ?? "")) {
      node.setAttribute("target", "_blank");
      node.setAttribute("rel", "noopener noreferrer");
    } else {
      node.removeAttribute("href");
    }
  }
  if (node.nodeName === "IMG" && !PICTURE.test(node.getAttribute("src") ?? "")) node.remove();
  if (node.hasAttribute?.("class") && !(node.nodeName === "CODE" && /^language-\S+$/.test(node.className))) {
    node.removeAttribute("class");
  }
});

/** A text as its blocks' HTML. Blocks that are finished keep their HTML, and so their place on the page. */
export function Markdown({ text }) {
  const tokens = marked.lexer(text);
  const links = Object.keys(tokens.links).length;
  return h("div", { class: "prose" },
    tokens.filter((token) => token.type !== "space").map((token, index) =>
      h(Block, { key: index, raw: token.raw, links, spoken: language(), token })));
}

class Block extends Component {
  shouldComponentUpdate(next) {
    return ["raw", "links", "spoken"].some((each) => next[each] !== this.props[each]);
  }

  render({ token }) {
    return h("div", { class: "block", dangerouslySetInnerHTML: { __html: safe(marked.parser([token])) } });
  }
}

function safe(html) {
  const fragment = DOMPurify.sanitize(html, ALLOWED);
  for (const pre of fragment.querySelectorAll("pre")) frame(pre);
  for (const table of fragment.querySelectorAll("table")) {
    const scroller = element("div", "scroller");
    scroller.tabIndex = 0;
    table.replaceWith(scroller);
    scroller.append(table);
  }
  const box = document.createElement("div");
  box.append(fragment);
  return box.innerHTML;
}

function frame(pre) {
  const code = element("div", "code");
  const head = element("div", "code-head");
  const language = element("span", "code-language");
  language.textContent = pre.querySelector("code")?.className.replace("language-", "") || "text";
  const copy = element("button", "copy");
  copy.type = "button";
  copy.textContent = say("copy");
  head.append(language, copy);
  pre.replaceWith(code);
  pre.tabIndex = 0;
  code.append(head, pre);
}

/** For the click listener of whatever holds Markdown: the copy buttons' one handler. */
export async function copyClicked(event) {
  const button = event.target.closest?.("button.copy");
  if (!button) return;
  await copyText(button.closest(".code").querySelector("pre").textContent);
  button.textContent = say("copied");
  setTimeout(() => (button.textContent = say("copy")), 1500);
}

/** The clipboard API is absent on plain http beyond localhost; the old way still works there. */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = element("textarea", "unseen");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function element(name, className) {
  const node = document.createElement(name);
  node.className = className;
  return node;
}

const escape = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
