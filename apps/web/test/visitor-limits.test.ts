import { startApi } from "@jifen/testkit";
import { expect, test } from "vitest";
import { startSite } from "./site.ts";

test("calls that the site forwards count for the address of their visitor, which the visitor cannot choose", async () => {
  await using api = await startApi({ env: { RATE_LIMIT_IP: "3/1h", TRUST_PROXY: "loopback" } });
  await using site = await startSite(api.url, 0, { PROXY_COUNT: "1" });
  const call = async (forwardedFor: string) => {
    // A visitor without a session is refused by the site itself: this one has a forged one.
    const headers = { "x-forwarded-for": forwardedFor, cookie: "jifen_token=a.b.c" };
    return (await fetch(`${site.url}/api/jifen/trpc/credits.balance`, { headers })).status;
  };
  const [one, another] = ["198.51.100.1", "198.51.100.2"];
  const statuses = [];
  for (let calls = 0; calls < 4; calls += 1) statuses.push(await call(`203.0.113.${calls}, ${one}`));
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect(await call(another)).toBe(401);
});
