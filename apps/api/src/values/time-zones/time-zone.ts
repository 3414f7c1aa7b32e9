import { LRUCache } from "lru-cache";

/** A formatter takes about 50 µs to create. The bound keeps requests with many names from using memory. */
const MAX_FORMATTERS = 64;

const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: MAX_FORMATTERS });

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const key = timeZone.toLowerCase();
  const known = formatters.get(key);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  formatters.set(key, formatter);
  return formatter;
}

/** The names of three letters that are in the IANA database. Intl also knows others: its `CST` is Chicago, not China. */
const shortNames = new Set("CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET".split(" "));

/**
 * Whether this is the name of a time zone in the IANA database, in any case: `Asia/Shanghai`, `UTC`.
 * Offsets (`+08:00`, `UTC+8`), abbreviations (`CST`) and unknown places (`Asia/Beijing`) are not.
 */
export function isTimeZone(name: string): boolean {
  const isOffset = /^[+-]/.test(name);
  const isAbbreviation = /^[a-z]{3}$/i.test(name) && !shortNames.has(name.toUpperCase());
  if (isOffset || isAbbreviation) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * How many seconds the local clock is ahead of UTC at a time; negative west of Greenwich.
 * @throws RangeError for a name that `isTimeZone` refuses, or a time that no Date can hold.
 */
export function offsetSecondsAt(timeZone: string, epochMs: number): number {
  const formatted = formatterOf(timeZone).format(epochMs);
  const [, sign, hours, minutes, seconds = 0] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(formatted) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -size : size;
}
