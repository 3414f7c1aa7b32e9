import type { Event } from "./event.ts";

const fields = (of: object): string =>
  Object.entries(of)
    .filter(([name]) => name !== "kind" && name !== "code")
    .map(([name, value]) => ` ${name} ${JSON.stringify(value)}`)
    .join("");

function toldAs({ answer }: Event): string {
  switch (answer.is) {
    case "done":
      return `${answer.replayed ? "done before" : "done"}, ${answer.line}`;
    case "refused":
      return `refused, ${answer.refusal.code}${fields(answer.refusal)}`;
    case "read":
      return `${answer.balance} to spend, ${answer.held} held`;
    case "unknown":
      return "unknown";
    case "failed":
      return `failed, ${answer.error}`;
    default:
      return answer satisfies never;
  }
}

/** What was asked and answered, for people: the two numbers say what was under way at the same time. */
export function transcribe(events: readonly Event[]): string {
  const first = Math.min(...events.map(({ sent }) => sent)) - 1;
  const lines = events
    .toSorted((one, other) => one.sent - other.sent)
    .map((event) => {
      const { account, key, request, sent, answered, aheadMs } = event;
      const asked = request ? `${request.kind}${fields(request)}` : "balance";
      const when = `hour ${aheadMs / 3_600_000}, ${sent - first} to ${answered - first}`;
      return `  ${when}: ${account}: ${asked}${key === null ? "" : ` (${key})`}: ${toldAs(event)}`;
    });
  return lines.join("\n");
}
