import { ok, refuse } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type CatalogueVersion, type Database, openDatabase } from "../src/index.ts";
import { newEvent, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const MINUTE_MS = 60_000;

/** The behavior of versions of the catalogue on every database. */
export function describeCatalogues(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const eventOf = (version: number, action = "catalogues.create") =>
    newEvent({ action, subject: `catalogue:${version}` });
  const create = (document = '{"actions":[]}', { catalogues }: Pick<Database, "catalogues"> = here.database) =>
    catalogues.create({ document, note: null, madeBy: "user:安@example.com", madeAtMs: 1_700_000_000_001 }, eventOf);
  const publish = ({ version }: Pick<CatalogueVersion, "version">, effectiveFromMs: number, database = here.database) =>
    database.catalogues.publish(
      { version, effectiveFromMs, by: "operator", nowMs: 1_700_000_000_002 },
      eventOf(version, "catalogues.publish"),
    );
  const withdraw = ({ version }: Pick<CatalogueVersion, "version">, beforeMs: number) =>
    here.database.catalogues.withdraw(version, beforeMs, eventOf(version, "catalogues.withdraw"));
  const actionsOf = async ({ version }: Pick<CatalogueVersion, "version">) => {
    const events = await here.database.auditLog.list({ subject: `catalogue:${version}` }, { limit: 10 });
    return events.map(({ action }) => action).toSorted();
  };
  const currentVersions = async (nowMs: number) => {
    const { inForce, upcoming } = await here.database.catalogues.current(nowMs);
    return { inForce: inForce?.version, upcoming: upcoming.map(({ version }) => version).toSorted() };
  };
  /** Each test has a day of its own, after those of the others. */
  let days = 0;
  const nextDayMs = () => {
    days += 1;
    return 1_800_000_000_000 + days * 86_400_000;
  };

  describe("versions of the catalogue", () => {
    test("a draft is stored exactly as it was sent, with its audit event", async () => {
      const document = `{"packs": [],  "actions":[]} 积分 😀 ${"价".repeat(30_000)}`;
      const draft = await create(document);
      expect(draft).toEqual({
        ...{ version: draft.version, state: "draft", document, note: null, effectiveFromMs: null },
        ...{ madeBy: "user:安@example.com", madeAtMs: 1_700_000_000_001, publishedBy: null, publishedAtMs: null },
      });
      expect(await here.database.catalogues.find(draft.version)).toEqual(draft);
      expect(await actionsOf(draft)).toEqual(["catalogues.create"]);
      expect(await here.database.catalogues.find(draft.version + 1_000)).toBeUndefined();
    });

    test("versions that two processes make at the same time have different numbers without a gap", async () => {
      const before = (await create()).version;
      const other = await openDatabase(here.secondUrl);
      try {
        const made = await Promise.all(times(6, (n) => create(`{"n":${n}}`, n % 2 ? here.database : other)));
        expect(made.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(times(6, (n) => before + 1 + n));
        const found = await Promise.all(made.map(({ version }) => here.database.catalogues.find(version)));
        expect(found).toEqual(made);
      } finally {
        await other.close();
      }
    });

    test("list returns versions in pages, newest first", async () => {
      const made = [await create(), await create(), await create()].map(({ version }) => version);
      const first = await here.database.catalogues.list({ limit: 2 });
      expect(first.map(({ version }) => version)).toEqual([made[2], made[1]]);
      const [next] = await here.database.catalogues.list({ limit: 1, before: made[1] });
      expect(next?.version).toBe(made[0]);
    });

    test("a published version is in force from its time on, until a later one is", async () => {
      const atMs = nextDayMs();
      const [one, two] = [await create(), await create()];
      // Which one was made first does not matter.
      expect(await publish(two, atMs)).toEqual(ok(undefined));
      expect(await publish(one, atMs + MINUTE_MS)).toEqual(ok(undefined));
      expect((await currentVersions(atMs - 1)).inForce).not.toBe(two.version);
      expect(await currentVersions(atMs - 1)).toMatchObject({ upcoming: [one.version, two.version] });
      expect(await currentVersions(atMs)).toEqual({ inForce: two.version, upcoming: [one.version] });
      expect(await currentVersions(atMs + MINUTE_MS)).toEqual({ inForce: one.version, upcoming: [] });
      expect(await here.database.catalogues.find(one.version)).toEqual({
        ...one,
        ...{ state: "published", effectiveFromMs: atMs + MINUTE_MS },
        ...{ publishedBy: "operator", publishedAtMs: 1_700_000_000_002 },
      });
    });

    test("of two versions of the same time the newer one is in force, and a draft never is", async () => {
      const atMs = nextDayMs();
      const [one, two] = [await create(), await create()];
      await create();
      await publish(two, atMs);
      await publish(one, atMs);
      expect(await currentVersions(atMs)).toEqual({ inForce: two.version, upcoming: [] });
    });

    test("a version is published once, by one of two processes that try it at the same time", async () => {
      const atMs = nextDayMs();
      const draft = await create();
      const other = await openDatabase(here.secondUrl);
      try {
        const outcomes = await Promise.all(
          times(4, (n) => publish(draft, atMs + n, n % 2 === 0 ? here.database : other)),
        );
        const refusal = { code: "ALREADY_PUBLISHED", state: "published" };
        expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
        expect(outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal]))).toEqual([
          ...[refusal, refusal, refusal],
        ]);
        const { effectiveFromMs } = (await here.database.catalogues.find(draft.version)) ?? {};
        expect(effectiveFromMs).toBe(atMs + outcomes.findIndex((outcome) => outcome.ok));
        expect(await actionsOf(draft)).toEqual(["catalogues.create", "catalogues.publish"]);
      } finally {
        await other.close();
      }
    });

    test("a version that will be in force after the given time is withdrawn once, and one before it never", async () => {
      const atMs = nextDayMs();
      const [one, two] = [await create(), await create()];
      await publish(one, atMs);
      await publish(two, atMs + MINUTE_MS);
      expect(await withdraw(one, atMs)).toEqual(refuse({ code: "ALREADY_IN_FORCE" }));
      expect(await withdraw(two, atMs)).toEqual(ok(undefined));
      expect(await withdraw(two, atMs)).toEqual(ok(undefined));
      expect(await currentVersions(atMs + MINUTE_MS)).toEqual({ inForce: one.version, upcoming: [] });
      expect(await publish(two, atMs + 2 * MINUTE_MS)).toEqual(
        refuse({ code: "ALREADY_PUBLISHED", state: "withdrawn" }),
      );
      expect(await actionsOf(one)).toEqual(["catalogues.create", "catalogues.publish"]);
      expect(await actionsOf(two)).toEqual(["catalogues.create", "catalogues.publish", "catalogues.withdraw"]);
    });

    test("a draft can be withdrawn, and what does not exist can be neither withdrawn nor published", async () => {
      const draft = await create();
      expect(await withdraw(draft, Number.MAX_SAFE_INTEGER)).toEqual(ok(undefined));
      const missing = { version: draft.version + 1_000 };
      expect(await withdraw(missing, 0)).toEqual(refuse({ code: "CATALOGUE_NOT_FOUND" }));
      expect(await publish(missing, nextDayMs())).toEqual(refuse({ code: "CATALOGUE_NOT_FOUND" }));
      expect(await actionsOf(missing)).toEqual([]);
    });

    test("a change whose audit event cannot be written is not made", async () => {
      const draft = await create();
      const taken = newEvent();
      await here.database.auditLog.recordOnce(taken);
      const publication = { version: draft.version, effectiveFromMs: nextDayMs(), by: "operator", nowMs: 1 };
      await expect(here.database.catalogues.publish(publication, taken)).rejects.toThrow();
      await expect(here.database.catalogues.withdraw(draft.version, 0, taken)).rejects.toThrow();
      expect(await here.database.catalogues.find(draft.version)).toEqual(draft);
    });
  });
}
