import { type Api, aboveDatabaseKinds, describeOn, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loginFrom, numbers, people, startServerOfPeople, statuses } from "./login-clients.ts";
import { other, type Server, user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

// Floods that fill the queue of hashes are in login-flood.slow.test.ts.
describe("a flood of wrong logins", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServerOfPeople();
  });
  afterAll(() => server.stop());

  test("concurrent guesses for one account from many addresses refuse no login of another account", {
    timeout: timeLimit(240),
  }, async () => {
    const [victim, ...others] = people;
    const guesses = numbers(100).map((n) =>
      loginFrom(server.api.url, `198.19.0.${n}`, { email: victim?.email, password: `wrong-${n}` }),
    );
    const answers = await Promise.all(others.map((person, n) => loginFrom(server.api.url, `198.19.1.${n}`, person)));
    expect(statuses(answers)).toEqual([200]);
    await Promise.all(guesses);
  });
});

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`known addresses on ${kind}`, () => {
    test("an address stays known for an account after a restart, also when calls are counted in memory", async () => {
      const database = await freshDatabase(kind);
      await createTestUsers(database.url, `${user.email}:${user.password},${other.email}:${other.password}`, 0);
      const env = { TRUST_PROXY: "loopback" };
      const address = "192.0.2.50";
      let api: Api = await startApi({ databaseUrl: database.url, env });
      expect((await loginFrom(api.url, address, user)).status).toBe(200);
      await api.stop();
      api = await startApi({ databaseUrl: database.url, env });
      for (const n of numbers(6)) {
        await loginFrom(api.url, address, { ...user, password: `wrong-${n}` });
        await loginFrom(api.url, address, { ...other, password: `wrong-${n}` });
      }
      expect((await loginFrom(api.url, address, user)).status).toBe(200);
      expect((await loginFrom(api.url, address, other)).status).toBe(401);
      await api.stop();
      await database.drop();
    });
  });
}
