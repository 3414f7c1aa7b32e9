import type { Event } from "./event.ts";

const fields = (of: object): string =>
  Object.entries(of)
    .filter(([name]) => name !== "kind" && name !== "code")
    .map(([name, value]) => ` ${name} ${JSON.stringify(value)}`)
    .join("");

function formatAnswer({ answer }: Event): string {
  switch (answer.is) {
    case "done":
      return `${answer.replayed ? "replayed" : "done"}, ${answer.entryId}`;
    case "refused":
      return `refused, ${answer.refusal.code}${fields(answer.refusal)}`;
    case "read":
      return `balance ${answer.balance}, held ${answer.held}`;
    case "unknown":
      return "unknown";
    case "failed":
      return `failed, ${answer.error}`;
    default:
      return answer satisfies never;
  }
}

/** Formats a client history as text. The two logical times show which requests were concurrent. */
export function formatHistory(events: readonly Event[]): string {
  const first = Math.min(...events.map(({ sent }) => sent)) - 1;
  const lines = events
    .toSorted((one, other) => one.sent - other.sent)
    .map((event) => {
      const { account, key, request, sent, answered, clockOffsetMs } = event;
      const text = request ? `${request.kind}${fields(request)}` : "balance";
      const when = `hour ${clockOffsetMs / 3_600_000}, ${sent - first} to ${answered - first}`;
      return `  ${when}: ${account}: ${text}${key === null ? "" : ` (${key})`}: ${formatAnswer(event)}`;
    });
  return lines.join("\n");
}
