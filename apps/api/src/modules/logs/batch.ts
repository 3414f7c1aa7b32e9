import { operations } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import { toErrorBody } from "../../http/error-response.ts";
import { implement } from "../../trpc/procedure.ts";
import { countingAll } from "./count-logs.ts";
import type { Deps } from "./deps.ts";
import { takeSpace } from "./log-size.ts";
import type { ReportedLog } from "./new-log.ts";
import { type EntryRefusal, readEntries } from "./read-entries.ts";
import { writeLogs } from "./write-logs.ts";

/** Logs several calls in one request, each once per idempotency key. A log that is refused does not keep the others. */
export const batch = (deps: Deps) =>
  implement(
    operations.logs.batch,
    countingAll(deps.meter, async ({ input, caller, idempotencyKey, language, requestId }) => {
      const entries = await readEntries(deps, { sent: input.logs, caller, requestKey: idempotencyKey, requestId });
      const reported = entries.flatMap((entry) => (entry.ok ? [entry.value] : []));
      const logs = reported.map(({ log }) => log);
      const space = await takeSpace(deps, logs, caller);
      if (!space.ok) return space;
      const outcomes = inOrder(entries, await writeLogs(deps, reported, caller));
      const [spoken, done] = [language(), outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []))];
      const replayed = done.filter((each) => each.replayed).length;
      return ok({
        results: outcomes.map((outcome) => {
          if (outcome.ok) return outcome.value;
          const body = toErrorBody<(typeof outcome.refusal)["code"]>(outcome.refusal, { language: spoken, requestId });
          const { code, message } = body;
          return { code, message, ...("issues" in body && { issues: [...body.issues] }) };
        }),
        written: done.length - replayed,
        replayed,
        refused: outcomes.length - done.length,
      });
    }),
  );

/** The outcomes of all logs in the order of the request: refused before they were written, or the outcome of writing. */
function inOrder<Written>(
  entries: readonly Outcome<ReportedLog, EntryRefusal>[],
  written: readonly Written[],
): readonly (Written | Extract<Outcome<never, EntryRefusal>, { ok: false }>)[] {
  const left = written.values();
  return entries.map((entry) => (entry.ok ? (left.next().value as Written) : entry));
}
