// Expected duration: 15 s on two cores.
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { encodeV4 } from "./next-auth.ts";
import { startServer, user } from "./start-server.ts";

const secret = "the-secret-of-the-site-0123456789abcdef";
const mintV4 = (email: string) => encodeV4({ token: { sub: "1", email, name: "Site 用户" }, secret });

test("a user who has ended 1,000 sessions one by one ends all of them with the next logout", {
  timeout: timeLimit(120),
}, async () => {
  const server = await startServer("sqlite", { AUTH_SECRET: secret });
  const status = async (token: string) => (await server.call("GET", "/auth/me", { token })).status;
  const other = await mintV4(user.email);
  expect(await status(other)).toBe(200);
  for (let n = 0; n < 1_001; n += 1) {
    const answer = await server.call("POST", "/auth/logout", { token: await mintV4(user.email), body: {} });
    expect(answer.status).toBe(200);
  }
  expect(await status(other)).toBe(401);
  await server.stop();
  // A thousand requests, one after the other.
});
