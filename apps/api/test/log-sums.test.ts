import { randomUUID } from "node:crypto";
import { userId } from "@jifen/core";
import { type Database, idBound, type NewCallLog, openDatabase, quarterOf } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import { databaseKinds, describeOn, type FreshDatabase, freshDatabase } from "@jifen/testkit";
import { checkSpans, checkSums, timeZones } from "@jifen/testkit/log-model";
import { timeLimit } from "@jifen/testkit/time-limit";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStats } from "../src/modules/logs/read-stats.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Two years before today, in which each zone with summer time changes its clock four times. */
const endMs = Math.floor(Date.now() / DAY_MS) * DAY_MS + 2 * DAY_MS;
const beginMs = endMs - 730 * DAY_MS;

/** The hours at which the clock of a zone changes, found without the code under test. */
function clockChanges(timeZone: string): readonly number[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset", hour: "2-digit" });
  const offsetAt = (timeMs: number) => format.formatToParts(timeMs).find(({ type }) => type === "timeZoneName")?.value;
  const days = Array.from({ length: 728 }, (_, day) => beginMs + day * DAY_MS);
  return days
    .filter((day) => offsetAt(day) !== offsetAt(day + DAY_MS))
    .map((day) => {
      const hours = Array.from({ length: 24 }, (_, hour) => day + hour * HOUR_MS);
      return hours.find((hour) => offsetAt(hour) !== offsetAt(hour + HOUR_MS)) as number;
    });
}
const changes = new Map(timeZones.map((timeZone) => [timeZone, clockChanges(timeZone)]));
const allChanges = [...changes.values()].flat();

const users = ["one", "other"].map((name) => userId(`${name}-${randomUUID()}@example.com`));

/** Times near changes of a clock, and any others of the two years. */
const arbitraryTime = fc.oneof(
  fc
    .record({ change: fc.constantFrom(...allChanges), afterMs: fc.integer({ min: -26 * HOUR_MS, max: 26 * HOUR_MS }) })
    .map(({ change, afterMs }) => change + afterMs),
  fc.integer({ min: beginMs + DAY_MS, max: endMs - 2 * DAY_MS }),
);
const arbitraryLog = fc.record({
  userId: fc.constantFrom(...users),
  countedAtMs: arbitraryTime,
  action: fc.constantFrom("video", "image", "三维"),
  success: fc.boolean(),
  durationMs: fc.option(fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 86_400_000 }))),
  idempotencyKey: fc.option(fc.uuid()),
});

const idAt = (timeMs: number) => `${idBound(timeMs)}-7${randomUUID().slice(15)}`;
const toNewLog = (fields: typeof arbitraryLog extends fc.Arbitrary<infer Fields> ? Fields : never): NewCallLog => ({
  ...{ subjectId: null, reference: null, details: "{}", detailsBytes: 2 },
  ...{ occurredAtMs: fields.countedAtMs, createdAtMs: Date.now(), arrivalId: idAt(Date.now()) },
  ...{ ...fields, id: idAt(fields.countedAtMs) },
});

/** A file has one writer at a time: a write that waited for too long was not done. */
async function untilWritten(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      return void (await write());
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
    }
  }
}

for (const kind of databaseKinds) {
  describeOn(kind)(`sums of random logs on ${kind}`, () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    let fresh: FreshDatabase;
    let stores: readonly Database[] = [];
    let logs: readonly NewCallLog[] = [];
    beforeAll(async () => {
      fresh = await freshDatabase(kind);
      stores = [await openDatabase(fresh.url), await openDatabase(fresh.secondUrl)];
      const months = Array.from({ length: 25 }, (_, at) =>
        Date.UTC(new Date(beginMs).getUTCFullYear(), new Date(beginMs).getUTCMonth() + at),
      );
      await stores[0]?.logs.makePlaces(Date.now(), months);
      logs = fc.sample(arbitraryLog, { numRuns: 1_500, seed }).map(toNewLog);
      const sizes = fc.sample(fc.integer({ min: 1, max: 40 }), { numRuns: 400, seed });
      await Promise.all(stores.map((store) => writeAll(store, sizes)));
    }, timeLimit(120));
    afterAll(async () => {
      for (const store of stores) await store.close();
      await fresh?.drop();
    });

    /** Writes all logs in batches of these sizes. Both stores write all of them: what comes second is a replay. */
    async function writeAll({ logs: store }: Database, sizes: readonly number[]): Promise<void> {
      const waiting = stores[0]?.logs === store ? [...logs] : logs.toReversed();
      const writing: Promise<unknown>[] = [];
      for (let at = 0; waiting.length > 0; at += 1) {
        const batch = waiting.splice(0, sizes[at % sizes.length]);
        writing.push(untilWritten(() => store.write(batch)));
        if (writing.length % 8 === 0) await Promise.all(writing);
      }
      await Promise.all(writing);
    }

    const toDate = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
    const rangesOf = (timeZone: (typeof timeZones)[number]) => [
      ...[beginMs + 300 * DAY_MS, ...(changes.get(timeZone) ?? [])].map((at) => ({
        groupBy: "hour" as const,
        from: toDate(at - 3 * DAY_MS),
        to: toDate(at + 4 * DAY_MS),
      })),
      { groupBy: "day" as const, from: toDate(endMs - 390 * DAY_MS), to: toDate(endMs) },
      { groupBy: "month" as const, from: toDate(beginMs), to: toDate(endMs) },
    ];

    test.each(timeZones)(
      `sums by hour, day and month in %s are those of a scan of all logs on ${kind}`,
      async (timeZone) => {
        const deps = { database: stores[0] as Database, nowMs: Date.now, timeZone };
        const findings: string[] = [];
        for (const range of rangesOf(timeZone)) {
          for (const user of [...users, undefined]) {
            for (const by of ["action", undefined] as const) {
              const result = await readStats(deps, { ...range, by } as Parameters<typeof readStats>[1], user);
              if (!result.ok) throw new Error(JSON.stringify(result.refusal));
              const { spans } = result.value as unknown as { spans: Parameters<typeof checkSpans>[0] };
              const own = logs.filter(({ userId: of }) => (user ?? of) === of);
              const found = [
                ...checkSpans(spans, { groupBy: range.groupBy, timeZone }),
                ...spans.flatMap((span) => checkSums(span, { logs: own, journal: [] })),
              ];
              findings.push(...found.map((finding) => `${JSON.stringify(range)} of ${user}: ${finding}`));
              expect(spans.length, "a range has spans").toBeGreaterThan(0);
            }
          }
        }
        expect(findings.slice(0, 5), `seed ${seed}`).toEqual([]);
      },
    );

    test(`half of the logs are near a change of a clock, and some days begin at one o'clock on ${kind}`, () => {
      const near = logs.filter(({ countedAtMs }) => allChanges.some((at) => Math.abs(at - countedAtMs) < 26 * HOUR_MS));
      expect(near.length).toBeGreaterThan(logs.length / 3);
      expect(new Set(logs.map(({ countedAtMs }) => quarterOf(countedAtMs))).size).toBeGreaterThan(300);
      const firstHours = (changes.get("America/Santiago") ?? []).map((at) =>
        new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Santiago", hour: "2-digit" }).format(at + HOUR_MS),
      );
      expect(firstHours).toContain("01");
    });
  });
}
