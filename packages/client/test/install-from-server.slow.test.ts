// Expected duration: 30 s on two cores.

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runOrFail } from "./commands.ts";

let api: Api;
let archive: Uint8Array;
beforeAll(async () => {
  api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123", INITIAL_CREDITS: "100" } });
  archive = await (await fetch(`${api.url}/client.tgz`)).bytes();
});
afterAll(() => api?.stop());

const integrity = () => `sha512-${createHash("sha512").update(archive).digest("base64")}`;

const charge = `
import { createJifenClient } from "@jifen/client";
const url = process.env.JIFEN_API_URL;
const { token } = await createJifenClient({ url }).auth.login.mutate({ email: "user@example.com", password: "password123" });
const jifen = createJifenClient({ url, token });
const before = await jifen.credits.balance.query();
const after = await jifen.credits.consume.mutate({ amount: 5, action: "video" });
console.log(before.balance - after.balance);
`;

/** Where a package manager works, and how. The client is added by its address, and installed again by its lockfile. */
type Manager = {
  readonly manager: string;
  readonly add: readonly string[];
  readonly reinstall: readonly string[];
  readonly lockfile: string;
  /** What the lockfile knows the archive by, beside its address. Yarn 4 has a digest of its own. */
  readonly pin: () => string;
  /** What stands before the address. */
  readonly name?: string;
  /** How a program runs that uses what was installed. */
  readonly node?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
};

const yarn4 = ["npx", "--yes", "@yarnpkg/cli-dist@4.18.1"];

const managers: readonly Manager[] = [
  {
    manager: "npm",
    add: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"],
    reinstall: ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"],
    lockfile: "package-lock.json",
    pin: integrity,
  },
  {
    manager: "pnpm",
    add: ["npx", "--yes", "pnpm@12.21.0", "add", "--prefer-offline"],
    reinstall: ["npx", "--yes", "pnpm@12.21.0", "install", "--frozen-lockfile", "--prefer-offline"],
    lockfile: "pnpm-lock.yaml",
    pin: integrity,
  },
  {
    manager: "Yarn 1",
    add: ["npx", "--yes", "yarn@1.22.22", "add"],
    reinstall: ["npx", "--yes", "yarn@1.22.22", "install", "--frozen-lockfile"],
    lockfile: "yarn.lock",
    name: "@jifen/client@",
    pin: () => `#${createHash("sha1").update(archive).digest("hex")}`,
  },
  {
    manager: "Yarn 4",
    add: [...yarn4, "add"],
    reinstall: [...yarn4, "install", "--immutable"],
    lockfile: "yarn.lock",
    name: "@jifen/client@",
    pin: () => "checksum:",
    node: [...yarn4, "node"],
    // A lockfile makes the folder a project of its own. The server of this test has no certificate.
    settings: { "yarn.lock": "", ".yarnrc.yml": "enableTelemetry: false\nunsafeHttpWhitelist: [127.0.0.1]\n" },
  },
];

test.each(managers)(
  "$manager installs the client from a server, reinstalls it by its digest, and the client charges",
  async ({ add, reinstall, lockfile, pin, name = "", node = [process.execPath], settings = {} }) => {
    const cwd = await mkdtemp(join(tmpdir(), "jifen-site-"));
    const runIn = ([command = "", ...args]: readonly string[]) =>
      runOrFail(command, args, { cwd, env: { JIFEN_API_URL: api.url } });
    const files = { "package.json": JSON.stringify({ private: true, type: "module" }), "charge.js": charge };
    for (const [name, text] of Object.entries({ ...files, ...settings })) await writeFile(join(cwd, name), text);
    await runIn([...add, `${name}${api.url}/client.tgz`]);
    expect(await readFile(join(cwd, lockfile), "utf8")).toContain(`${api.url}/client.tgz`);
    expect(await readFile(join(cwd, lockfile), "utf8")).toContain(pin());
    for (const installed of ["node_modules", ".pnp.cjs"])
      await rm(join(cwd, installed), { recursive: true, force: true });
    await runIn(reinstall);
    expect(await runIn([...node, "charge.js"])).toBe("5\n");
    const required = 'console.log(typeof require("@jifen/client").createJifenClient)';
    expect(await runIn([...node, "--input-type=commonjs", "--eval", required])).toBe("function\n");
    await rm(cwd, { recursive: true });
  },
  timeLimit(240),
);
