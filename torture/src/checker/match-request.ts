import type { JournalRow, ModelRequest } from "@jifen/testkit/ledger-model";

/** Whether a request could have written an entry, as far as their fields are comparable. */
export function couldHaveWritten(request: ModelRequest, row: JournalRow): boolean {
  if (request.kind !== row.kind) return false;
  switch (request.kind) {
    case "grant":
      return request.amount === row.amount && request.expiresAtMs === row.expiresAtMs;
    case "consume":
      return request.amount === row.amount && request.action === row.action;
    case "revoke": {
      const isAmount = request.atMost ? row.amount <= request.amount : row.amount === request.amount;
      const isBucket = request.bucket === null || row.allocations.every(({ bucket }) => bucket === request.bucket);
      return isAmount && isBucket && request.action === row.action;
    }
    case "hold":
      return request.amount === row.amount && request.ttlSeconds * 1_000 === (row.expiresAtMs ?? 0) - row.createdAtMs;
    case "extend":
    case "release":
      return request.hold === row.subject;
    case "capture":
      return (
        request.hold === row.subject &&
        (request.amount ?? row.amount) === row.amount &&
        request.metadata === row.metadata
      );
    case "refund":
      return request.charge === row.subject && (request.amount ?? row.amount) === row.amount;
    default:
      return request satisfies never;
  }
}
