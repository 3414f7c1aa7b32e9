/** A calendar month in UTC. */
export type Month = {
  /** Such as `2026_11`. */
  readonly name: string;
  readonly beginMs: number;
  /** Exclusive. */
  readonly endMs: number;
};

/**
 * The least id of a log that counts at this time, or of another kind of row: an id begins with the 48 bits of its time (RFC
 * 9562, version 7).
 */
export function idBound(timeMs: number, prefix: "evt" | "hold" | "log" | "txn" = "log"): string {
  const digits = Math.max(0, timeMs).toString(16).padStart(12, "0");
  return `${prefix}-${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** Whether a text has the form of a log's id. */
export const isLogId = (text: string): boolean => /^log-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/.test(text);

/** The time in the id of a log, or of another kind of row, epoch milliseconds. */
export function timeOfId(id: string): number {
  const at = id.indexOf("-") + 1;
  return Number.parseInt(id.slice(at, at + 8) + id.slice(at + 9, at + 13), 16);
}

/** The month of a time. @param offset months after it, or before it if negative */
export function monthOf(timeMs: number, offset = 0): Month {
  const time = new Date(timeMs);
  const beginMs = Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + offset);
  const begin = new Date(beginMs);
  const [year, month] = [begin.getUTCFullYear(), begin.getUTCMonth() + 1];
  return {
    name: `${String(year).padStart(4, "0")}_${String(month).padStart(2, "0")}`,
    beginMs,
    endMs: Date.UTC(year, month),
  };
}

/** The end of the month in a name such as `2026_11`, exclusive. */
export function endOfMonth(name: string): number {
  const [year = Number.NaN, month = Number.NaN] = name.split("_").map(Number);
  return Date.UTC(year, month);
}
