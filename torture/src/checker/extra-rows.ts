import type { Event } from "./event.ts";

/** An extra row that a command wrote: a row of `audit_events`. */
export type ExtraRowFound = { readonly id: string; readonly account: string; readonly entryId: string };

/**
 * Checks that a command and its extra row are written together: every new effect has its row, and there is no other row, so
 * refusals and replays wrote none (M3, M6).
 * @returns one sentence per violation.
 */
export function checkExtraRows(events: readonly Event[], rows: readonly ExtraRowFound[]): string[] {
  const expected = new Map<string, string>();
  for (const { answer, extraRowId } of events) {
    if (extraRowId !== undefined && answer.is === "done" && !answer.replayed) expected.set(extraRowId, answer.entryId);
  }
  const found = new Map(rows.map(({ id, entryId }) => [id, entryId]));
  return [
    ...[...expected]
      .filter(([id]) => !found.has(id))
      .map(([id, entryId]) => `M6 entry ${entryId} was written without its extra row ${id}`),
    ...rows
      .filter(({ id, entryId }) => expected.get(id) !== entryId)
      .map(
        ({ id, entryId, account }) =>
          `M3 ${account} has the extra row ${id} of ${entryId}, whose command had no effect`,
      ),
  ];
}
