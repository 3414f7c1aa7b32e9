// Expected duration: 240 s on two cores.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startNext } from "./site.ts";

vi.setConfig({ testTimeout: timeLimit(400), hookTimeout: timeLimit(400) });

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const web = join(repository, "apps/web");

const root = mkdtempSync(join(tmpdir(), "jifen-site-"));
/** As deep as in the repository, because next.config.ts names its root. */
const site = join(root, "apps/site");

async function run(command: string, args: readonly string[], cwd = site): Promise<void> {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  await promisify(execFile)(command, args, { cwd, env, encoding: "utf8" }).catch(({ stdout, stderr }) => {
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  });
}

/** The dependencies of the example with their versions, and the packed client. */
function manifest(): object {
  const catalog = readFileSync(join(repository, "pnpm-workspace.yaml"), "utf8");
  const versionOf = (name: string) =>
    new RegExp(`^  "?${name}"?: (\\S+)$`, "m").exec(catalog)?.[1] ?? `no version of ${name}`;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(web, "package.json"), "utf8"));
  const forBuild = [
    "@tailwindcss/postcss",
    "@types/node",
    "@types/react",
    "@types/react-dom",
    "tailwindcss",
    "typescript",
  ];
  const names = [...Object.keys(dependencies), ...forBuild.filter((name) => name in devDependencies)];
  const versions = names.map((name) => [name, versionOf(name)]);
  const client = { "@jifen/client": `file:${join(root, "jifen-client-0.1.0.tgz")}` };
  return { private: true, type: "module", dependencies: { ...Object.fromEntries(versions), ...client } };
}

beforeAll(async () => {
  mkdirSync(site, { recursive: true });
  await run(process.execPath, ["scripts/pack-client.ts", root], repository);
  for (const name of ["src", "next.config.ts", "postcss.config.json", "tsconfig.json"]) {
    cpSync(join(web, name), join(site, name), { recursive: true });
  }
  writeFileSync(join(site, "package.json"), JSON.stringify(manifest(), null, 2));
  await run("npm", ["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a site outside of the workspace takes handler, hooks and copied components from the packed client, and builds", async () => {
  const packed = join(site, "node_modules/@jifen/client/components");
  const copies = join(site, "src/components/jifen");
  for (const file of readdirSync(packed).filter((name) => name.endsWith(".tsx"))) {
    cpSync(join(packed, file), join(copies, file));
  }
  expect(readdirSync(copies).length).toBeGreaterThan(readdirSync(join(web, "src/components/jifen")).length);
  await run("npx", ["next", "typegen"]);
  await run("npx", ["tsc", "--noEmit"]);
  await run("npx", ["next", "build"]);
  const password = "password123";
  await using api = await startApi({ env: { USER_WHITELIST: `user@example.com:${password}` } });
  await using started = await startNext({
    folder: site,
    command: "start",
    env: { NODE_ENV: "production", JIFEN_API_URL: api.url },
  });
  expect((await fetch(`${started.url}/login`)).status).toBe(200);
  expect((await fetch(`${started.url}/api/jifen/trpc/credits.balance`)).status).toBe(401);
});
