// The one place that knows where the WebJars are. DOMPurify's minified file is not a module: it
// leaves its name on globalThis, and unlike its .mjs twin every server knows its media type.
import "/webjars/dompurify/dist/purify.min.js";

export { h, render, Component, Fragment } from "/webjars/preact/dist/preact.module.js";
export { Marked } from "/webjars/marked/lib/marked.esm.js";
export const DOMPurify = globalThis.DOMPurify;
