import { startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJifenClient, createLogBuffer, eachLog, type JifenClient, type LogEntry } from "../src/index.ts";

const credentials = { email: "user@example.com", password: "password123" };

const entry = (fields: Partial<LogEntry> = {}): LogEntry => ({
  userId: credentials.email,
  action: "video",
  details: {},
  success: true,
  timestamp: new Date().toISOString(),
  ...fields,
});

describe("the log buffer, against the real server", () => {
  let jifen: JifenClient;
  let stop: () => Promise<unknown>;
  /** How many of the next requests are lost: before they are sent, or with their answer. */
  let lost: ("request" | "answer")[] = [];
  let sent: string[] = [];
  beforeAll(async () => {
    const api = await startApi({ env: { USER_WHITELIST: `${credentials.email}:${credentials.password}` } });
    const { token } = await createJifenClient({ url: api.url }).auth.login.mutate(credentials);
    const fetch: typeof globalThis.fetch = async (input, init) => {
      sent.push(String(input));
      const loss = lost.shift();
      if (loss === "request") throw new TypeError("fetch failed");
      const answer = await globalThis.fetch(input, init);
      if (loss === "answer") throw new TypeError("fetch failed");
      return answer;
    };
    jifen = createJifenClient({ url: api.url, token, fetch });
    stop = () => api.stop();
  });
  afterAll(() => stop?.());

  const stored = async (action: string): Promise<(string | null)[]> => {
    const references: (string | null)[] = [];
    for await (const { reference } of eachLog(jifen, { action })) references.push(reference);
    return references;
  };

  test("250 logs are sent in batches of 100, and each is stored once", async () => {
    sent = [];
    const buffer = createLogBuffer(jifen);
    for (let n = 0; n < 250; n += 1) buffer.add(entry({ action: "many", reference: `${n}` }));
    expect(await buffer.flush()).toEqual({ waiting: 0, written: 250, refused: 0, dropped: 0 });
    expect(sent).toHaveLength(3);
    const references = await stored("many");
    expect(references).toHaveLength(250);
    expect(new Set(references).size).toBe(250);
  });

  test("logs are sent by themselves after the time that they wait", async () => {
    const buffer = createLogBuffer(jifen, { waitMs: 20 });
    buffer.add(entry({ action: "alone" }));
    await expect.poll(() => buffer.stats()).toMatchObject({ waiting: 0, written: 1 });
  });

  test("a batch whose answers are lost is sent again, and writes no log twice", async () => {
    const buffer = createLogBuffer(jifen, { waitMs: 20 });
    // A call has four attempts: the fifth is the next try of the buffer.
    lost = ["answer", "request", "answer", "request", "answer"];
    buffer.add(entry({ action: "lost", reference: "1" }));
    buffer.add(entry({ action: "lost", reference: "2" }));
    await expect.poll(() => buffer.stats(), { timeout: timeLimit(20) }).toMatchObject({ waiting: 0, written: 2 });
    expect((await stored("lost")).toSorted()).toEqual(["1", "2"]);
  });

  test("a full buffer and a log that is no JSON are counted, and add never throws", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const buffer = createLogBuffer(jifen, { maxWaiting: 2 });
    for (const details of [{}, circular, {}, {}]) buffer.add(entry({ action: "full", details }));
    expect(await buffer.flush()).toEqual({ waiting: 0, written: 2, refused: 0, dropped: 2 });
  });

  test("a log that the server refuses is reported, and the others are written", async () => {
    const refused: unknown[] = [];
    const buffer = createLogBuffer(jifen, {
      onRefused: ({ action }, { code, issues }) => {
        refused.push([action, code, issues?.[0]?.path]);
        throw new Error("the handler fails");
      },
    });
    buffer.add(entry({ action: "bad", durationMs: -1 }));
    buffer.add(entry({ action: "good" }));
    expect(await buffer.flush()).toMatchObject({ written: 1, refused: 1 });
    expect(refused).toEqual([["bad", "VALIDATION_FAILED", "durationMs"]]);
  });

  test("large logs are sent in several requests", async () => {
    sent = [];
    const buffer = createLogBuffer(jifen);
    for (let n = 0; n < 99; n += 1) buffer.add(entry({ action: "large", details: { text: "积".repeat(5_000) } }));
    // The server accepts 8 KB of details: it refuses each, and answers each request.
    expect(await buffer.flush()).toMatchObject({ waiting: 0, refused: 99 });
    expect(sent.length).toBe(2);
  });
});
