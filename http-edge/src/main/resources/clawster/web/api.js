// Calls to the gateway. Knows addresses, the token and what a refusal looks like; knows no screen.

const TOKEN = "clawster.token";
const EVENTS = { Accept: "text/event-stream" };

/** The gateway said no. `code` is stable; `message` is the gateway's sentence. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** `askToken({wrong})` is a promise of a token, or of null when the user would rather not. */
export function gateway({ askToken }) {
  let asking = null;

  async function request(method, path, { body, headers = {}, signal } = {}) {
    for (;;) {
      const token = sessionStorage.getItem(TOKEN);
      const response = await fetch(path, {
        method,
        signal,
        cache: "no-store",
        headers: {
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (response.ok) return response;
      if (response.status !== 401) throw await refusal(response);
      if (!(await anotherToken(token))) throw await refusal(response);
    }
  }

  /** Several calls may be refused at once; they wait for one dialog. */
  async function anotherToken(used) {
    if (sessionStorage.getItem(TOKEN) !== used) return true;
    asking ??= askToken({ wrong: used !== null }).finally(() => (asking = null));
    const token = await asking;
    if (token) sessionStorage.setItem(TOKEN, token);
    return Boolean(token);
  }

  const json = async (...call) => (await request(...call)).json();
  const session = (key) => `/v1/sessions/${encodeURIComponent(key)}`;

  return {
    // GET /v1/models
    models: () => json("GET", "/v1/models"),
    // GET /v1/sessions
    sessions: (limit, offset) => json("GET", `/v1/sessions?limit=${limit}&offset=${offset}`),
    // GET /v1/sessions/{key}
    session: (key) => json("GET", session(key)),
    // PATCH /v1/sessions/{key}
    rename: (key, label) => request("PATCH", session(key), { body: { label } }),
    // DELETE /v1/sessions/{key}
    remove: (key) => request("DELETE", session(key)),
    // POST /v1/sessions/{key}/reset
    reset: (key) => request("POST", `${session(key)}/reset`),
    // POST /v1/sessions/{key}/abort
    abort: (key) => request("POST", `${session(key)}/abort`),
    // GET /v1/sessions/{key}/events
    events: (key, lastId, signal) =>
      request("GET", `${session(key)}/events`, {
        signal,
        headers: { ...EVENTS, ...(lastId ? { "Last-Event-ID": lastId } : {}) },
      }),
    // GET /v1/cluster
    cluster: (signal) => json("GET", "/v1/cluster", { signal }),
    // POST /v1/cluster/nodes/{id}/drain
    drain: (id) => request("POST", `/v1/cluster/nodes/${encodeURIComponent(id)}/drain`),
    // GET /v1/packages
    packages: (signal) => json("GET", "/v1/packages", { signal }),
    // GET /v1/packages/runtimes
    runtimes: (signal) => json("GET", "/v1/packages/runtimes", { signal }),
    // POST /v1/packages/install
    install: (name) => request("POST", "/v1/packages/install", { headers: EVENTS, body: { package: name } }),
    // POST /v1/packages/uninstall
    uninstall: (name) => request("POST", "/v1/packages/uninstall", { headers: EVENTS, body: { package: name } }),
    // GET /v1/pairing
    pairing: (signal) => json("GET", "/v1/pairing", { signal }),
    // POST /v1/pairing/approve
    approve: (code) => request("POST", "/v1/pairing/approve", { body: { code } }),
    // POST /v1/pairing/deny
    deny: (code) => request("POST", "/v1/pairing/deny", { body: { code } }),
    // POST /v1/pairing/revoke
    revoke: (senderId, channel) => request("POST", "/v1/pairing/revoke", { body: { senderId, channel } }),
    // POST /v1/chat/completions
    complete: (key, { question, requestKey }, signal) =>
      request("POST", "/v1/chat/completions", {
        signal,
        headers: { "x-openclaw-session-key": key, "Idempotency-Key": requestKey },
        body: { model: "openclaw", stream: true, messages: [{ role: "user", content: question }] },
      }),
  };
}

/** What a page says of a call that threw. */
export function noticeOf(error) {
  return error instanceof Refusal ? { kind: "refused", message: error.message } : { kind: "unreachable" };
}

/** The gateway's dialects put the sentence in {error: "…"}, {error: {message}} or plain text. */
async function refusal(response) {
  const text = await response.text().catch(() => "");
  try {
    const { error, message } = JSON.parse(text);
    if (typeof error === "string") return new Refusal(response.status, error, message ?? error);
    if (error) return new Refusal(response.status, error.code ?? error.type, error.message);
  } catch {
    // Not JSON; the text is the sentence.
  }
  return new Refusal(response.status, null, text.slice(0, 300) || response.statusText);
}
