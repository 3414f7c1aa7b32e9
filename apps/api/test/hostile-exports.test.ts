import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeManyLogs } from "./many-logs.ts";
import { type ApiWithAdmin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

type Row = Readonly<Record<string, string>>;

const rowsOf = (file: string): Row[] => parse(file, { bom: true, columns: true, relax_quotes: false });

/** As many quotation marks as fit into JSON of this size, and a sign that takes two bytes in memory for each of the text. */
const quotationMarks = (bytes: number) => ({ 积: new Array<string>(Math.floor((bytes - 20) / 3)).fill("") });

const ENTRIES = 600;
const LOGS = 120;
const metadata = quotationMarks(4_096);
const details = JSON.stringify(quotationMarks(65_536));

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`exports of rows that are hard to write on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { INITIAL_CREDITS: "10000" });
      const consume = async () => {
        const spent = await api.post("/credits/consume", { amount: 1, action: "video", metadata }, { key: newKey() });
        expect(spent.status).toBe(200);
      };
      for (let done = 0; done < ENTRIES; done += 20) await Promise.all(Array.from({ length: 20 }, consume));
      await writeManyLogs(api.server.database.url, { email: user.email, count: LOGS, details });
    }, timeLimit(120));
    afterAll(() => api.server.stop());

    const get = async (path: string) => {
      const headers = { authorization: `Bearer ${api.tokens.user}`, "accept-language": "en" };
      const response = await fetch(api.server.api.url + path, { headers });
      return { status: response.status, file: await response.text() };
    };

    test("a CSV file of transactions whose metadata is full of quotation marks is whole", async () => {
      const { status, file } = await get("/credits/transactions/export?kind=consume");
      expect(status).toBe(200);
      const rows = rowsOf(file);
      expect(rows.at(-1)).toMatchObject({ Transaction: "Total", Kind: `${ENTRIES} rows`, Change: String(-ENTRIES) });
      expect(new Set(rows.slice(0, -1).map((row) => row["Metadata"]))).toEqual(new Set([JSON.stringify(metadata)]));
      expect(new Set(rows.slice(0, -1).map((row) => row["Transaction"])).size).toBe(ENTRIES);
    });

    test("an NDJSON file of transactions with large metadata is whole", async () => {
      const { status, file } = await get("/credits/transactions/export?kind=consume&format=ndjson");
      expect(status).toBe(200);
      const lines = file.trimEnd().split("\n");
      expect(JSON.parse(lines.pop() ?? "")).toMatchObject({ total: { rows: ENTRIES, change: -ENTRIES } });
      expect(
        lines.filter((line) => JSON.stringify(JSON.parse(line).metadata) === JSON.stringify(metadata)),
      ).toHaveLength(ENTRIES);
    });

    test.each(["csv", "ndjson"])(
      "a file of logs with 64 KB of details full of quotation marks is whole as %s",
      async (format) => {
        const { status, file } = await get(`/logs/export?details=true&format=${format}`);
        expect(status).toBe(200);
        const rows =
          format === "csv"
            ? rowsOf(file)
            : file
                .trimEnd()
                .split("\n")
                .map((line) => JSON.parse(line));
        expect(rows.pop()).toMatchObject(format === "csv" ? { User: `${LOGS} rows` } : { total: { rows: LOGS } });
        const found = rows.map((row) => (format === "csv" ? row["Details"] : JSON.stringify(row.details)));
        expect(found).toHaveLength(LOGS);
        expect(new Set(found)).toEqual(new Set([details]));
      },
    );
  });
}

/**
 * The thread of an export of these actions fails: `exhausted` and `thrown` before it reads, `interrupted` when it has sent a
 * part.
 */
const failingThreads = `--import=data:text/javascript,${encodeURIComponent(`
  import { parentPort, workerData } from "node:worker_threads";
  const exhaust = () => { for (const held = [];;) held.push(new Array(100_000).fill(0.5)); };
  const action = workerData?.job?.filter?.action;
  if (action === "exhausted") exhaust();
  if (action === "thrown") throw new Error("the thread of an export failed");
  if (action === "interrupted") {
    const send = parentPort.postMessage.bind(parentPort);
    let parts = 0;
    parentPort.postMessage = (...message) => {
      parts += 1;
      if (parts === 2) exhaust();
      send(...message);
    };
  }`)}`;

describeOn("sqlite")("an export whose thread fails", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite", { NODE_OPTIONS: failingThreads });
    await writeManyLogs(api.server.database.url, { email: user.email, count: 10 });
  }, timeLimit(120));
  afterAll(() => api.server.stop());

  const begin = (action: string) =>
    fetch(`${api.server.api.url}/logs/export?action=${action}`, {
      headers: { authorization: `Bearer ${api.tokens.user}` },
    });
  const errors = () => api.server.api.logs().filter(({ msg }) => msg === "unexpected error");

  describe("the server", () => {
    test.each([
      { action: "exhausted", says: "has no memory left" },
      { action: "thrown", says: "throws" },
    ])("answers with an error, logs it and continues when the thread $says", async ({ action }) => {
      const before = errors().length;
      expect((await begin(action)).status).toBe(500);
      await expect.poll(() => errors().length).toBe(before + 1);
      const next = await begin("video");
      expect(next.status).toBe(200);
      expect(await next.text()).toContain("10");
      expect(api.server.api.process.exitCode).toBeNull();
    });

    test("breaks the file off and continues when the thread fails after its first part", async () => {
      const before = errors().length;
      const broken = await begin("interrupted");
      expect(broken.status).toBe(200);
      await expect(broken.text()).rejects.toThrow();
      await expect.poll(() => errors().length).toBe(before + 1);
      expect((await begin("video")).status).toBe(200);
      expect(api.server.api.process.exitCode).toBeNull();
    });
  });
});
