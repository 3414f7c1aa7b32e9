import { readFileSync, writeFileSync } from "node:fs";
import { sampleIds } from "../src/http/docs/samples/inputs.ts";

const file = new URL("../src/http/docs/samples/answers.json", import.meta.url);

/** The answers that the documentation shows, by operation. */
export const shownAnswers = (): Record<string, unknown> => JSON.parse(readFileSync(file, "utf8"));

/** Keeps the answers of a run as those that the documentation shows. */
export const writeAnswers = (answers: Readonly<Record<string, unknown>>): void =>
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(Object.entries(answers).toSorted()), undefined, 2)}\n`);

/** The first day of this month, and of the next one: the samples have June 2025 instead. */
export function thisMonth(): { readonly from: string; readonly to: string } {
  const now = new Date();
  const day = (month: number) => new Date(Date.UTC(now.getUTCFullYear(), month, 1)).toISOString().slice(0, 10);
  return { from: day(now.getUTCMonth()), to: day(now.getUTCMonth() + 1) };
}

const DAY_MS = 86_400_000;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const YEAR_MS = 366 * DAY_MS;

/** The same time in June 2025 as today is in its month. */
function toSampleTime(time: string): string {
  const ms = Date.parse(time);
  if (Math.abs(ms - Date.now()) > YEAR_MS) return "2025-06-01T00:00:00.000Z";
  return new Date(ms - (Date.parse(thisMonth().from) - Date.parse("2025-06-01"))).toISOString();
}

/** What differs from run to run, and what the documentation shows instead. */
const constants: readonly (readonly [RegExp, string])[] = [
  [
    /\b(txn|hold|grant|log|event|evt|endpoint|batch|audit|req)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    `$1-${sampleIds.log.slice(4)}`,
  ],
  [/\b(spare-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})@example\.com/g, "user@example.com"],
  [/\b[0-9a-f]{32}\b/g, sampleIds.order],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl"],
  [/#(password|registration)\.[\w.-]+/g, "#$1.dXNlckBleGFtcGxlLmNvbQ.V2l0aG91dCBhIHNlY3JldCBubyBsaW5r"],
  [/http:\/\/127\.0\.0\.1:\d+\/hook/g, "https://site.example.com/jifen-events"],
  [/http:\/\/127\.0\.0\.1:\d+/g, "https://credits.example.com"],
  [/127\.0\.0\.1:\d+/g, "pay.example.com"],
  [/\b20\d{26}\b/g, "2025061522001"],
  [/jf_live_\w{12}/g, `jf_live_${sampleIds.key}`],
  [/\uFEFF/g, ""],
];

const MAX_TEXT = 200;

/** Fields whose value has no form of its own. */
const named: Readonly<Record<string, unknown>> = { keyId: sampleIds.key, timestamp: 1_749_974_400_000 };

const isNamed = (name: string, value: unknown): boolean =>
  typeof value === typeof named[name] && !isoTime.test(String(value));

function toSampleText(text: string): string {
  if (isoTime.test(text)) return toSampleTime(text);
  const replaced = constants.reduce((sum, [pattern, constant]) => sum.replaceAll(pattern, constant), text);
  return replaced.length > MAX_TEXT ? `${replaced.slice(0, MAX_TEXT)}…` : replaced;
}

/** An answer as the documentation shows it: the first entry of each list, and the same ids and times in every run. */
export function toSample(answer: unknown): unknown {
  if (typeof answer === "string") return toSampleText(answer);
  if (Array.isArray(answer)) {
    const [first] = answer;
    return (typeof first === "object" ? answer.slice(0, 1) : answer.slice(0, 3)).map(toSample);
  }
  if (typeof answer !== "object" || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name, isNamed(name, value) ? named[name] : toSample(value)]),
  );
}

/** The places at which an answer has other fields than the one that is shown. Null and an empty list can be anything. */
export function differences(shown: unknown, real: unknown, place = "answer"): readonly string[] {
  if (Array.isArray(shown) && Array.isArray(real)) {
    return shown.length === 0 || real.length === 0 ? [] : differences(shown[0], real[0], `${place}[]`);
  }
  // The members of details and metadata are those that the caller sent, those of values are the groups of a point.
  if (!isObject(shown) || !isObject(real) || /\.(details|metadata|points\[\]\.values)$/.test(place)) return [];
  const names = new Set([...Object.keys(shown), ...Object.keys(real)]);
  return [...names].flatMap((name) =>
    name in shown && name in real ? differences(shown[name], real[name], `${place}.${name}`) : [`${place}.${name}`],
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
