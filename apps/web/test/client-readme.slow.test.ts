// Expected duration: 40 s on two cores.

import { readFileSync } from "node:fs";
import { startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { createSite } from "./create-site.ts";
import { buildNext, startNext } from "./site.ts";

const readme = readFileSync(new URL("../../../packages/client/README.md", import.meta.url), "utf8");
const [, path = "", code = ""] = /^```tsx\n\/\/ (app\/\S+)\n([\s\S]*?)^```$/m.exec(readme) ?? [];

const config = `import { join } from "node:path";
export default { cacheComponents: true, turbopack: { root: join(import.meta.dirname, "../../../..") } };`;

test("the page of the client's README builds with cacheComponents and shows the balance of the user", {
  timeout: timeLimit(240),
}, async () => {
  await using api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123", INITIAL_CREDITS: "100" } });
  const login = await fetch(`${api.url}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "user@example.com", password: "password123" }),
  });
  const { token } = (await login.json()) as { token: string };
  const folder = createSite("client README", [
    [path, code],
    ["next.config.mjs", config],
  ]);
  const env = { JIFEN_API_URL: api.url };
  await buildNext({ folder, env });
  await using site = await startNext({ folder, command: "start", env: { ...env, NODE_ENV: "production" } });
  const page = await fetch(`${site.url}/credits`, { headers: { cookie: `jifen_token=${token}` } });
  expect((await page.text()).replaceAll("<!-- -->", "")).toContain("<p>100 积分</p>");
});
