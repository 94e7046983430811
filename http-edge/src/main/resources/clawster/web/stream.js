// Server-sent events read from a fetch response. EventSource cannot send a POST or a bearer token.

/** Cuts a stream of text, however it was split, into events {id, name, data}. Comments vanish. */
export function eventParser() {
  let rest = "";
  let first = true;
  let id = null;
  let name = "";
  let data = [];

  function line(text, out) {
    if (text === "") {
      if (data.length > 0) out.push({ id, name: name || "message", data: data.join("\n") });
      name = "";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + (text[colon + 1] === " " ? 2 : 1));
    if (field === "data") data.push(value);
    else if (field === "event") name = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }

  return {
    push(chunk) {
      if (first && chunk.length > 0) {
        first = false;
        if (chunk[0] === "\uFEFF") chunk = chunk.slice(1);
      }
      const out = [];
      rest += chunk;
      let start = 0;
      for (const end of rest.matchAll(/\r\n|\n|\r/g)) {
        // A carriage return at the very end may be the first half of a CRLF; wait for more.
        if (end[0] === "\r" && end.index === rest.length - 1) break;
        line(rest.slice(start, end.index), out);
        start = end.index + end[0].length;
      }
      rest = rest.slice(start);
      return out;
    },
  };
}

/** The events of a response, as they arrive. Leaving the loop closes the connection. */
export async function* eventsOf(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parser = eventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
