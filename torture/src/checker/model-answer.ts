import type { Event } from "./event.ts";

/** An answer in the form of the model's answers. */
export function toModelAnswer({ answer, clockOffsetMs }: Event): object {
  switch (answer.is) {
    case "done":
      return { is: "replayed", entryId: answer.entryId };
    case "refused": {
      const { resolvedAtMs } = answer.refusal;
      const resolved = typeof resolvedAtMs === "number" ? { resolvedAtMs: resolvedAtMs + clockOffsetMs } : {};
      return { is: "refused", refusal: { ...answer.refusal, ...resolved } };
    }
    case "read": {
      const { expiring } = answer;
      const shifted = expiring ? { expiring: { ...expiring, expiresAtMs: expiring.expiresAtMs + clockOffsetMs } } : {};
      return { ...answer, ...shifted };
    }
    case "unknown":
    case "failed":
      return answer;
    default:
      return answer satisfies never;
  }
}
