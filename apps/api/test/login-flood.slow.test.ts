// Expected duration: 80 s on two cores.

import type { RestAnswer } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loginFrom, numbers, people, startServerOfPeople, statuses } from "./login-clients.ts";
import type { Server } from "./start-server.ts";

/** Logins of unknown users: each costs a hash. */
const flood = (url: string, address: string, count: number): readonly Promise<RestAnswer>[] =>
  numbers(count).map((n) => loginFrom(url, address, { email: `unknown-${n}@example.com`, password: "wrong" }));

describe("a flood of wrong logins", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServerOfPeople();
  });
  afterAll(() => server.stop());

  test("unknown names from one address refuse no login of 20 users at other addresses", {
    timeout: timeLimit(240),
  }, async () => {
    const flooding = flood(server.api.url, "203.0.113.9", 200);
    const answers = await Promise.all(people.map((person, n) => loginFrom(server.api.url, `192.0.2.${n}`, person)));
    expect(statuses(answers)).toEqual([200]);
    const refused = await Promise.all(flooding);
    expect(statuses(refused)).toEqual([401, 503]);
    for (const { status, body, headers } of refused) {
      if (status === 503) expect([body.code, headers.get("retry-after")]).toEqual(["OVERLOADED", "1"]);
    }
  });

  test("unknown names from a few addresses refuse no login from new addresses", {
    timeout: timeLimit(240),
  }, async () => {
    const flooding = ["a", "b", "c"].flatMap((last) => flood(server.api.url, `2001:db8:0:${last}::1`, 60));
    const answers = await Promise.all(people.map((person, n) => loginFrom(server.api.url, `198.18.0.${n}`, person)));
    expect(statuses(answers)).toEqual([200]);
    await Promise.all(flooding);
  });

  test("a flood from a shared address refuses no user who logged in from there before", {
    timeout: timeLimit(240),
  }, async () => {
    for (const person of people.slice(0, 10)) await loginFrom(server.api.url, "203.0.113.200", person);
    const flooding = flood(server.api.url, "203.0.113.200", 200);
    const again = people.slice(0, 10).map((person) => loginFrom(server.api.url, "203.0.113.200", person));
    expect(statuses(await Promise.all(again))).toEqual([200]);
    await Promise.all(flooding);
  });

  test("20 new users behind the address of a site log in beside 30 unknown names from there", {
    timeout: timeLimit(240),
  }, async () => {
    const site = "203.0.113.210";
    const flooding = flood(server.api.url, site, 30);
    const answers = await Promise.all(people.map((person) => loginFrom(server.api.url, site, person)));
    expect(statuses(answers)).toEqual([200]);
    await Promise.all(flooding);
  });
});
