import type { CallLog } from "./call-log.ts";
import type { LogFilter } from "./log-filter.ts";
import { idBound } from "./months.ts";

/** For how long logs are kept, in milliseconds from the time at which a log counts. For ever what is left out. */
export type LogKeeping = {
  readonly logsMs?: number | undefined;
  /** The details alone. */
  readonly detailsMs?: number | undefined;
  /** Epoch milliseconds; the clock of the process if left out. */
  readonly nowMs?: (() => number) | undefined;
};

/** The time of the first log that is kept, and of the first whose details are; undefined where all are. */
export type KeptFrom = { readonly logsMs: number | undefined; readonly detailsMs: number | undefined };

/** From when on logs and their details are kept at a time. A log of the very time is kept, one a millisecond earlier is not. */
export const keptFrom = ({ logsMs, detailsMs }: LogKeeping, nowMs: number): KeptFrom => ({
  logsMs: logsMs === undefined ? undefined : nowMs - logsMs,
  detailsMs: detailsMs === undefined ? undefined : nowMs - detailsMs,
});

const isBefore = (timeMs: number, boundMs: number | undefined): boolean => boundMs !== undefined && timeMs < boundMs;

/** What may be shown or stored of a log: without details that have expired. */
export const withKeptDetails = <Log extends CallLog>(log: Log, { detailsMs }: KeptFrom): Log =>
  isBefore(log.countedAtMs, detailsMs) ? { ...log, details: null } : log;

/** A log as it may be shown; undefined once it has expired. */
export const keptLog = (log: CallLog | undefined, from: KeptFrom): CallLog | undefined =>
  log === undefined || isBefore(log.countedAtMs, from.logsMs) ? undefined : withKeptDetails(log, from);

/** The filter without logs that have expired. A text is not found in details that have expired. */
export function keptFilter(filter: LogFilter, { logsMs, detailsMs }: KeptFrom): LogFilter {
  const bounds = [logsMs, ...(filter.text === undefined ? [] : [detailsMs])];
  const ids = [filter.fromId, ...bounds.map((timeMs) => (timeMs === undefined ? undefined : idBound(timeMs)))];
  const [fromId] = ids.filter((id) => id !== undefined).toSorted((one, other) => (one < other ? 1 : -1));
  return { ...filter, fromId };
}
