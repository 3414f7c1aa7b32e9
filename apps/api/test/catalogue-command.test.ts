import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "@jifen/database";
import { databaseKinds, describeOn, type FreshDatabase, freshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectBothLanguages } from "./command-languages.ts";
import { jifenWith } from "./jifen-command.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** A catalogue as an operator writes it. */
const document = {
  actions: [
    {
      action: "text_to_video",
      params: {
        model: { kind: "choice", values: ["m1", "m1-pro"] },
        seconds: { kind: "quantity", min: "1", max: "60", settles: true },
      },
      rows: [
        { when: { model: ["m1"] }, per: [{ unit: "seconds", micro: 1_000_000 }], minimum: 5 },
        { base: 2_000_000, per: [{ unit: "seconds", micro: 2_500_000 }] },
      ],
    },
  ],
  multipliers: [{ group: "vip", ppm: 900_000 }],
  packs: [
    {
      ...{ id: "p100", title: { zh: "100 积分", en: "100 credits" }, credits: 100, bonusCredits: 10 },
      prices: [{ currency: "CNY", minor: 990 }],
    },
  ],
};

const folder = createTemporaryFolder();

/** Runs `jifen catalogue` on a file with this content. */
async function run(content: unknown, ...words: readonly string[]) {
  const file = join(folder, "catalogue.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  const [verb = "", ...rest] = words;
  return jifenWith({ LANG: "en_US.UTF-8" }, "catalogue", verb, file, ...rest);
}

describe("jifen catalogue", () => {
  test("a catalogue without problems is said to have none, without a database", async () => {
    expect(await run(document, "check")).toEqual({
      ...{ exitCode: 0, stderr: "", stdout: "The catalogue has no problems: 1 actions, 1 packs.\n" },
    });
  });

  const [action] = document.actions;
  const [pack] = document.packs;
  test.each([
    { content: "{", names: "is not JSON", says: "no JSON" },
    { content: { ...document, prices: [] }, names: "prices", says: "an unknown field" },
    { content: { ...document, actions: [{ ...action, rows: [] }] }, names: "actions.0.rows", says: "no rows" },
    {
      content: { ...document, actions: [{ ...action, rows: action?.rows.slice(0, 1) }] },
      ...{ names: "this combination has no price: model=m1-pro, seconds=1", says: "a combination without a price" },
    },
    {
      content: { ...document, packs: [{ ...pack, prices: [{ currency: "XTS", minor: 1 }] }] },
      ...{ names: "packs.0.prices.0.currency", says: "a currency that is not sold in" },
    },
    {
      content: { ...document, packs: [{ ...pack, prices: [{ currency: "CNY", minor: 9.9 }] }] },
      ...{ names: "packs.0.prices.0.minor", says: "a price that is not in minor units" },
    },
    {
      content: { ...document, multipliers: [{ ppm: 900_000, from: "tomorrow" }] },
      ...{ names: "multipliers.0.from", says: "a time that is none" },
    },
  ])("a catalogue with $says is refused, and the problem is named", async ({ content, names }) => {
    const { exitCode, stdout, stderr } = await run(content, "check");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(names);
  });

  test.each([
    { words: ["--params", '{"model":"m1-pro","seconds":5.04}'], credits: 17 },
    { words: ["--params", '{"model":"m1-pro","seconds":5.04}', "--group", "vip"], credits: 16 },
    { words: ["--params", '{"model":"m1","seconds":1}'], credits: 5 },
  ])("the price with $words is $credits credits", async ({ words, credits }) => {
    const { stdout, exitCode } = await run(document, "price", "text_to_video", ...words, "--json");
    expect({ exitCode, credits: JSON.parse(stdout).credits }).toEqual({ exitCode: 0, credits });
  });

  test.each([
    { words: ["paint"], names: "ACTION_NOT_PRICED" },
    { words: ["text_to_video"], names: "model must be one of: m1, m1-pro." },
    { words: ["text_to_video", "--params", "[]"], names: "--params must be a JSON object." },
  ])("a price with $words is refused and says what would be right", async ({ words, names }) => {
    const { exitCode, stderr } = await run(document, "price", ...words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(names);
  });

  test("init writes a catalogue that can be checked, and never replaces a file", async () => {
    const file = join(folder, "first.json");
    const written = await jifenWith({ LANG: "en" }, "catalogue", "init", file);
    expect(written).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await jifenWith({ LANG: "en" }, "catalogue", "check", file)).toMatchObject({ exitCode: 0 });
    const before = await readFile(file, "utf8");
    const again = await jifenWith({ LANG: "en" }, "catalogue", "init", file);
    expect(again).toMatchObject({ exitCode: 1, stdout: "" });
    expect(again.stderr).toContain("first.json exists already");
    expect(await readFile(file, "utf8")).toBe(before);
    const nowhere = await jifenWith({ LANG: "en" }, "catalogue", "init", join(folder, "missing", "a.json"));
    expect(nowhere.stderr).toContain("cannot be written");
  });

  test("a file that does not exist is named", async () => {
    const { exitCode, stderr } = await jifenWith({ LANG: "en" }, "catalogue", "check", join(folder, "missing.json"));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("missing.json cannot be read");
  });

  test("problems are named in Chinese and in English", async () => {
    const file = join(folder, "with-problems.json");
    await writeFile(file, JSON.stringify({ ...document, actions: [{ ...action, rows: action?.rows.slice(0, 1) }] }));
    await expectBothLanguages("", ["catalogue", "check", file]);
  });
});

describe.each(databaseKinds)("publishing a catalogue on %s", (kind) => {
  describeOn(kind)("from the command line", () => {
    let fresh: FreshDatabase;
    const file = join(folder, `${kind}.json`);
    beforeAll(async () => {
      fresh = await freshDatabase(kind);
      // The command does not make tables, as a start of the server does.
      await (await openDatabase(fresh.url)).close();
      await writeFile(file, JSON.stringify(document));
    });
    afterAll(() => fresh.drop());
    const catalogue = (verb: string, ...words: readonly string[]) =>
      jifenWith({ DATABASE_URL: fresh.url, LANG: "en" }, "catalogue", verb, file, ...words);

    test("diff, publish and the audit log agree on what is new", async () => {
      const first = await catalogue("diff");
      expect(first).toMatchObject({ exitCode: 0, stderr: "" });
      expect(first.stdout).toContain(
        "No catalogue is in force.\n  + action text_to_video\n  + pack p100\n  ~ multipliers",
      );
      const before = Date.now();
      const published = await catalogue("publish", "--reason", "new prices", "--json");
      expect(published).toMatchObject({ exitCode: 0, stderr: "" });
      const { version, effectiveFrom } = JSON.parse(published.stdout);
      expect(Date.parse(effectiveFrom) - before).toBeGreaterThan(55_000);
      const database = await openDatabase(fresh.url);
      try {
        expect(await database.catalogues.find(version)).toMatchObject({
          ...{ state: "published", effectiveFromMs: Date.parse(effectiveFrom), madeBy: "operator" },
          publishedBy: "operator",
        });
        const { inForce } = await database.catalogues.current(Date.parse(effectiveFrom));
        expect(JSON.parse(inForce?.document ?? "")).toEqual(document);
        const events = await database.auditLog.list({ subject: `catalogue:${version}` }, { limit: 5 });
        expect(events.map(({ action, reason }) => ({ action, reason }))).toEqual([
          { action: "catalogues.publish", reason: "new prices" },
          { action: "catalogues.create", reason: null },
        ]);
      } finally {
        await database.close();
      }
    });

    test.each([
      { words: ["--reason", "now", "--effective-from", "2020-01-01T00:00:00Z"], names: "TOO_SOON" },
      { words: ["--reason", "now", "--effective-from", "tomorrow"], names: "effectiveFrom: must be an ISO 8601 time" },
      { words: ["--reason", ""], names: "The value of --reason is empty." },
    ])("publish with $words is refused and says what would be right", async ({ words, names }) => {
      const refused = await catalogue("publish", ...words);
      expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
      expect(refused.stderr).toContain(names);
    });
  });
});
