import { describeOn, type FreshDatabase, freshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runMeetings } from "../src/engine/meetings.ts";

describeOn("postgresql")("two processes on one PostgreSQL", () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase("postgresql");
  });
  afterAll(() => database?.drop());

  test("every kind of request may meet every other one on an account, at every moment", {
    timeout: 120_000,
  }, async () => {
    const { met, findings } = await runMeetings(database.url);
    expect(findings).toEqual([]);
    expect(met).toBeGreaterThan(400);
  });
});
