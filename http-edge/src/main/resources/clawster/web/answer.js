// What an answer is, and how it grows. Pure: the page, the history and both event streams all end
// up here, so that a reloaded answer looks as it did while it was being written.
//
// A turn is {role: "user", text} or {role: "assistant", parts, end}.
// A part is {kind: "text" | "reasoning", text} or {kind: "tool", id, index, name, input, output, outcome}.

export const emptyAnswer = () => ({ role: "assistant", parts: [], end: null, recovered: false });

/** The answer after one growth: text, reasoning, call, result, recovered or end. */
export function grow(answer, growth) {
  switch (growth.type) {
    case "text":
    case "reasoning":
      return growth.text ? { ...answer, parts: withText(answer.parts, growth.type, growth.text) } : answer;
    case "call":
      return { ...answer, parts: withCall(answer.parts, growth) };
    case "result":
      return { ...answer, parts: withResult(answer.parts, growth) };
    case "recovered":
      return { ...answer, recovered: true };
    case "end":
      return { ...answer, end: growth };
    default:
      return answer;
  }
}

/** Growths told by one chunk of POST /v1/chat/completions. */
export function fromChunk(chunk) {
  if (chunk.error) return [{ type: "end", how: "failed", ...problem(chunk.error) }];
  const growths = [];
  for (const { delta = {}, finish_reason: reason } of chunk.choices ?? []) {
    const reasoning = delta.reasoning_content ?? delta.reasoning;
    if (reasoning) growths.push({ type: "reasoning", text: reasoning });
    if (delta.content) growths.push({ type: "text", text: delta.content });
    for (const call of delta.tool_calls ?? []) growths.push({ type: "call", index: call.index, ...callOf(call) });
    if (reason && reason !== "tool_calls") growths.push({ type: "end", how: "done", reason });
  }
  return growths;
}

/** Growths told by one event of GET /v1/sessions/{key}/events. */
export function fromEvent(name, data) {
  switch (name) {
    case "text":
    case "reasoning":
      return [{ type: name, text: data.text }];
    case "tool.call":
      return [{ type: "call", ...callOf(data) }];
    case "tool.result":
      return [{ type: "result", id: data.id, content: textOf(data.content), outcome: data.outcome }];
    case "run.recovered":
      return [{ type: "recovered" }];
    case "run.done":
      return [{ type: "end", how: "done", reason: data.finishReason }];
    case "run.failed":
      return [{ type: "end", how: "failed", ...problem(data) }];
    // It is answered in the run that it became part of.
    case "run.absorbed":
      return [{ type: "end", how: "done", reason: "absorbed" }];
    case "run.aborted":
      return [{ type: "end", how: "stopped" }];
    default:
      return [];
  }
}

/** A session's stored messages as turns: what one question set off becomes one answer. */
export function turnsOf(messages) {
  const turns = [];
  for (const message of messages ?? []) {
    if (message.role === "user") {
      turns.push({ role: "user", text: textOf(message.content) });
    } else if (message.role === "assistant" || message.role === "tool") {
      if (turns.at(-1)?.role !== "assistant") turns.push(emptyAnswer());
      turns.push(growthsOf(message).reduce(grow, turns.pop()));
    }
  }
  return turns.map((turn) => (turn.role === "assistant" && !turn.end ? grow(turn, STORED) : turn));
}

/** Whether stored messages end in an answer, rather than in a question or a tool still at work. */
export function answered(messages) {
  const last = (messages ?? []).at(-1);
  return last?.role === "assistant" && !(last.tool_calls?.length > 0);
}

/** Whether a tool's outcome, if it has one, is a bad one. */
export const failed = ({ outcome }) =>
  Boolean(outcome) && !["ok", "settled", "success", "done", "completed"].includes(outcome);

export const plainText = (answer) =>
  answer.parts.filter((part) => part.kind === "text").map((part) => part.text).join("\n\n");

const STORED = { type: "end", how: "done", reason: "stored" };

function growthsOf(message) {
  if (message.role === "tool") {
    return [{ type: "result", id: message.tool_call_id, content: textOf(message.content), outcome: message.outcome }];
  }
  return [
    { type: "reasoning", text: message.thinking ?? "" },
    { type: "text", text: textOf(message.content) },
    ...(message.tool_calls ?? []).map((call) => ({ type: "call", ...callOf(call) })),
    // Two stored answers in a row are two paragraphs, not one word run into the next.
    { type: "text", text: message.content && !message.tool_calls?.length ? "\n\n" : "" },
    ...(MARKS[message.mark] ?? []),
  ];
}

/** What a stored answer's mark tells that its text does not. */
const MARKS = {
  recovered: [{ type: "recovered" }],
  aborted: [{ type: "end", how: "stopped" }],
  incomplete: [{ type: "end", how: "brokeOff" }],
};

function callOf(call) {
  const input = call.function?.arguments ?? call.arguments ?? "";
  return {
    id: call.id,
    name: call.function?.name ?? call.name,
    input: typeof input === "string" ? input : JSON.stringify(input),
  };
}

function withText(parts, kind, text) {
  const last = parts.at(-1);
  return last?.kind === kind
    ? [...parts.slice(0, -1), { ...last, text: last.text + text }]
    : [...parts, { kind, text }];
}

function withCall(parts, { id, index, name, input }) {
  const at = parts.findLastIndex(
    (part) => part.kind === "tool" && (id ? part.id === id : index !== undefined && part.index === index));
  if (at < 0) return [...parts, { kind: "tool", id, index, name: name ?? "", input, output: null, outcome: null }];
  const part = parts[at];
  // Without an index this is the same call told again, whole; with one, its next fragment.
  const grown = { ...part, name: part.name || name, input: index === undefined ? input : part.input + input };
  return parts.with(at, grown);
}

function withResult(parts, { id, content, outcome }) {
  const at = parts.findLastIndex((part) => part.kind === "tool" && part.id === id);
  const result = { output: content, outcome: outcome ?? "ok" };
  return at < 0
    ? [...parts, { kind: "tool", id, name: "", input: "", ...result }]
    : parts.with(at, { ...parts[at], ...result });
}

/** Text of a message's content, which may be a string or a list of typed pieces. */
export function textOf(content) {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map((piece) => piece.text ?? "").filter(Boolean).join("\n");
  return JSON.stringify(content, null, 2);
}

const problem = (error) =>
  typeof error === "string" ? { message: error } : { code: error.code ?? error.type, message: error.message };
