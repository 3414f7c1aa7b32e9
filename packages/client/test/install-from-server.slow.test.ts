// Expected duration: 15 s on two cores.

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runOrFail } from "./commands.ts";

let api: Api;
let integrity: string;
beforeAll(async () => {
  api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123", INITIAL_CREDITS: "100" } });
  const archive = await (await fetch(`${api.url}/client.tgz`)).bytes();
  integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
});
afterAll(() => api?.stop());

const charge = `
import { createJifenClient } from "@jifen/client";
const url = process.env.JIFEN_API_URL;
const { token } = await createJifenClient({ url }).auth.login.mutate({ email: "user@example.com", password: "password123" });
const jifen = createJifenClient({ url, token });
const { balance } = await jifen.credits.consume.mutate({ amount: 5, action: "video" });
console.log(balance);
`;

test.each([
  {
    manager: "npm",
    add: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"],
    reinstall: ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"],
    lockfile: "package-lock.json",
    balance: "95\n",
  },
  {
    manager: "pnpm",
    add: ["npx", "--yes", "pnpm@12.21.0", "add", "--prefer-offline"],
    reinstall: ["npx", "--yes", "pnpm@12.21.0", "install", "--frozen-lockfile", "--prefer-offline"],
    lockfile: "pnpm-lock.yaml",
    balance: "90\n",
  },
])(
  "$manager installs the client from a server, reinstalls it by its digest, and the client charges",
  async ({ add: [command = "", ...flags], reinstall: [again = "", ...againFlags], lockfile, balance }) => {
    const cwd = await mkdtemp(join(tmpdir(), "jifen-site-"));
    await writeFile(join(cwd, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await writeFile(join(cwd, "charge.js"), charge);
    await runOrFail(command, [...flags, `${api.url}/client.tgz`], { cwd });
    expect(await readFile(join(cwd, lockfile), "utf8")).toContain(integrity);
    await rm(join(cwd, "node_modules"), { recursive: true });
    await runOrFail(again, againFlags, { cwd });
    expect(await runOrFail(process.execPath, ["charge.js"], { cwd, env: { JIFEN_API_URL: api.url } })).toBe(balance);
    await rm(cwd, { recursive: true });
  },
  timeLimit(240),
);
