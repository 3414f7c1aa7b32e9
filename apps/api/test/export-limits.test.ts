import { connect } from "node:net";
import { describeOn, openFaultProxy } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogExportJob } from "../src/modules/exports/export-job.ts";
import { Exports } from "../src/modules/exports/exports.ts";
import { writeManyLogs } from "./many-logs.ts";
import { type ApiWithAdmin, startApiWithAdmin, wait } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

/** More than the buffers of the operating system take of a file that is not read. */
const LOGS = { count: 4_000, detailsBytes: 8_000 };
const FILE = "/logs/export?details=true&format=ndjson";

/** The file of all logs, as the server starts it. */
const allLogs = (): LogExportJob => ({
  ...{ kind: "logs", format: "ndjson", timeZone: "UTC", language: "en" },
  ...{ filter: {}, hasDetails: true, startedAtMs: Date.now(), ledger: undefined },
});
const requester = (caller: string, isStaff = false) => ({ caller, isStaff, signal: new AbortController().signal });

describeOn("sqlite")("the limits of exports", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite");
    for (const { email } of [user, other]) await writeManyLogs(api.server.database.url, { email, ...LOGS });
  }, timeLimit(120));
  afterAll(() => api.server.stop());

  const memoryOf = async () => {
    const { readFile } = await import("node:fs/promises");
    const status = await readFile(`/proc/${api.server.api.process.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
  };

  /** A file whose first part has arrived and of which no more is read. */
  async function begin(as: "user" | "other" | "admin", path = FILE) {
    const leave = new AbortController();
    const response = await fetch(api.server.api.url + path, {
      headers: { authorization: `Bearer ${api.tokens[as]}` },
      signal: leave.signal,
    });
    return { status: response.status, response, leave: () => leave.abort() };
  }
  const statusOf = async (as: "user" | "other" | "admin", path = FILE) => {
    const { status, leave } = await begin(as, path);
    leave();
    return status;
  };
  const untilFree = (as: "user" | "other") =>
    expect.poll(() => statusOf(as), { timeout: timeLimit(20), interval: 500 }).toBe(200);

  test("a caller takes two files at a time, two users leave a place for staff, and a client that leaves frees its place", {
    timeout: timeLimit(120),
  }, async () => {
    const files = [await begin("user"), await begin("user")];
    const third = await api.get(FILE);
    expect(third).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    files.push(await begin("other"));
    expect(await statusOf("other")).toBe(429);
    files.push(await begin("admin", `/admin${FILE}`));
    expect(files.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await api.get("/admin/logs/export", "admin")).toMatchObject({ status: 503, body: { code: "OVERLOADED" } });
    expect((await api.get("/admin/audit?action=logs.export", "admin")).body.items).toHaveLength(1);
    for (const { leave } of files.slice(0, 2)) leave();
    await untilFree("user");
    for (const { leave } of files) leave();
    await untilFree("other");
  });

  test("users take three of the four places, one each from the second file on, and staff takes the last one", async () => {
    const exports = new Exports({ databaseUrl: api.server.database.url, logKeeping: {} });
    const start = async (caller: string, isStaff = false) => {
      const started = await exports.start(allLogs(), requester(caller, isStaff));
      return started.ok ? "started" : started.refusal.code;
    };
    expect(await start("one")).toBe("started");
    expect(await start("two")).toBe("started");
    expect(await start("one")).toBe("RATE_LIMITED");
    expect(await start("three")).toBe("started");
    expect(await start("four")).toBe("OVERLOADED");
    expect(await start("staff", true)).toBe("started");
    expect(await start("staff", true)).toBe("OVERLOADED");
    await exports.close();
  });

  test("a file that is read too slowly ends without a total, and frees its place", async () => {
    const pace = { graceMs: 100, bytesPerSecond: 1e12 };
    const exports = new Exports({ databaseUrl: api.server.database.url, logKeeping: {} }, pace);
    const started = await exports.start(allLogs(), requester("one"));
    if (!started.ok) throw new Error("the file was refused");
    const reader = started.value.getReader();
    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toMatch(/^\{"logId"/);
    await expect.poll(() => exports.counts, { timeout: timeLimit(20) }).toMatchObject({ running: 0, failed: 1 });
    await expect(reader.read()).rejects.toThrow("OVERLOADED");
  });

  test("a client that reads a kilobyte a second holds no memory, and logs are written meanwhile", {
    timeout: timeLimit(120),
  }, async () => {
    await untilFree("user");
    const before = await memoryOf();
    const { hostname, port } = new URL(api.server.api.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.write(`GET ${FILE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.tokens.user}\r\n\r\n`);
    socket.pause();
    for (let seconds = 0; seconds < 8; seconds += 1) {
      socket.read(1_024);
      await wait(1_000);
      const log = { userId: user.email, action: "meanwhile", details: {}, success: true };
      const written = await api.post("/logs/create", { ...log, timestamp: new Date().toISOString() });
      expect(written.status).toBe(200);
    }
    // A thread with its connection; the file has 32 MB.
    expect((await memoryOf()) - before).toBeLessThan(150);
    socket.destroy();
    await untilFree("user");
  });

  test("a whole file has each log once, in order, though logs arrive while it is read", {
    timeout: timeLimit(120),
  }, async () => {
    const { response } = await begin("other");
    const late = { userId: other.email, action: "late", details: {}, success: true };
    await api.post("/logs/create", { ...late, timestamp: new Date().toISOString() }, { as: "other" });
    const lines = (await response.text()).trimEnd().split("\n");
    expect(JSON.parse(lines.pop() ?? "")).toMatchObject({ total: { rows: LOGS.count } });
    const ids = lines.map((line) => JSON.parse(line).logId);
    expect(new Set(ids).size).toBe(LOGS.count);
    expect(ids.toSorted()).toEqual(ids);
    expect(lines.some((line) => line.includes('"action":"late"'))).toBe(false);
  });

  test("a file whose thread ends has no total, and the stream fails", async () => {
    const exports = new Exports({ databaseUrl: api.server.database.url, logKeeping: {} });
    const started = await exports.start(allLogs(), requester("one"));
    if (!started.ok) throw new Error("the file was refused");
    const reader = started.value.getReader();
    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toMatch(/^\{"logId"/);
    expect(exports.counts).toMatchObject({ running: 1, started: 1, failed: 0 });
    await exports.close();
    await expect(reader.read()).rejects.toThrow("the thread of the export ended before its file");
    expect(exports.counts).toMatchObject({ running: 0, failed: 1 });
  });
});

describeOn("postgresql")("exports and a lost database", () => {
  describe("a file of a database that is gone", () => {
    let api: ApiWithAdmin;
    let proxy: Awaited<ReturnType<typeof openFaultProxy>>;
    beforeAll(async () => {
      api = await startApiWithAdmin("postgresql");
      await writeManyLogs(api.server.database.url, { email: user.email, ...LOGS });
      proxy = await openFaultProxy(api.server.database.url);
    }, timeLimit(120));
    afterAll(async () => {
      await proxy[Symbol.asyncDispose]();
      await api.server.stop();
    });

    test("the stream fails without a total", async () => {
      const exports = new Exports({ databaseUrl: proxy.url, logKeeping: {} });
      const started = await exports.start(allLogs(), requester("one"));
      if (!started.ok) throw new Error("the file was refused");
      const reader = started.value.getReader();
      await reader.read();
      await proxy.refuseConnections();
      const rest = async () => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done || Buffer.from(value).includes('{"total"')) return;
        }
      };
      await expect(rest()).rejects.toMatchObject({ name: "DatabaseUnavailable" });
      await proxy.restore();
      await exports.close();
    });
  });
});
