import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leavesOf } from "./command-leaves.ts";
import { startJifen } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const folder = createTemporaryFolder();
const at = (file: string) => join(folder, file);
const reason = ["--reason", "a test"];

/** One call of each command, in an order in which each finds what it needs, and its exit code. */
const calls: readonly { readonly words: readonly string[]; readonly exits: 0 | 1 }[] = [
  { words: ["admin", "create", "process-admin@example.com"], exits: 0 },
  { words: ["audit"], exits: 0 },
  { words: ["backup", at("backup")], exits: 0 },
  { words: ["catalogue", "init", at("catalogue.json")], exits: 0 },
  { words: ["catalogue", "check", at("catalogue.json")], exits: 0 },
  { words: ["catalogue", "price", at("catalogue.json"), "unknown"], exits: 1 },
  { words: ["catalogue", "diff", at("catalogue.json")], exits: 0 },
  { words: ["catalogue", "publish", at("catalogue.json"), ...reason], exits: 0 },
  { words: ["codes", "make", "Spring", "--codes", "1", "--credits", "5", ...reason], exits: 0 },
  { words: ["codes", "list"], exits: 0 },
  { words: ["codes", "end", "batch-none", ...reason], exits: 1 },
  { words: ["demo"], exits: 1 },
  { words: ["distribute"], exits: 1 },
  { words: ["doctor"], exits: 0 },
  { words: ["export", at("export")], exits: 0 },
  { words: ["grant", user.email, "1", ...reason], exits: 0 },
  { words: ["import", at("export")], exits: 1 },
  { words: ["key", "create", "--owner", user.email, "--name", "worker", "--scopes", "credits:read"], exits: 0 },
  { words: ["key", "list"], exits: 0 },
  { words: ["key", "rotate", "unknown"], exits: 1 },
  { words: ["key", "revoke", "unknown"], exits: 1 },
  { words: ["logs", "export"], exits: 0 },
  { words: ["logs", "partitions"], exits: 0 },
  { words: ["migrate"], exits: 0 },
  { words: ["payments", "list"], exits: 0 },
  { words: ["payments", "show", "0"], exits: 1 },
  { words: ["payments", "check", "0"], exits: 1 },
  { words: ["payments", "reconcile", "--since", "2026-01-01T00:00:00Z"], exits: 0 },
  { words: ["payments", "reviews"], exits: 0 },
  { words: ["payments", "accept", "pay-0", ...reason], exits: 1 },
  { words: ["payments", "dismiss", "pay-0", ...reason], exits: 1 },
  { words: ["payments", "refund", "pay-0", ...reason], exits: 1 },
  { words: ["restore", at("backup")], exits: 1 },
  { words: ["secret", "new"], exits: 0 },
  { words: ["statement", user.email, "2026-01"], exits: 0 },
  { words: ["user", "create", "process-user@example.com"], exits: 0 },
  { words: ["user", "suspend", "process-user@example.com"], exits: 0 },
  { words: ["user", "resume", "process-user@example.com"], exits: 0 },
  { words: ["user", "password-link", "process-user@example.com"], exits: 0 },
  { words: ["user", "sessions", "end", "process-user@example.com"], exits: 0 },
  { words: ["webhooks", "list"], exits: 0 },
  { words: ["webhooks", "deliveries", "endpoint-0"], exits: 1 },
  { words: ["webhooks", "replay", "endpoint-0"], exits: 1 },
  { words: ["webhooks", "end", "endpoint-0"], exits: 1 },
];

// Processes do not depend on the database. Other tests run their commands in a process that they share.
describe("commands as processes", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite");
  });
  afterAll(async () => {
    await api.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the table of calls has every command", async () => {
    const names = (await leavesOf()).map(({ words }) => words.join(" "));
    const called = calls.map(({ words }) => names.find((name) => `${words.join(" ")} `.startsWith(`${name} `)));
    expect(called.toSorted()).toEqual(names.toSorted());
  });

  test.each(calls)("the process of jifen $words ends by itself with exit code $exits", async ({ words, exits }) => {
    const env = { DATABASE_URL: api.server.database.url };
    const { exitCode, stdout, stderr } = await startJifen(env, ...words).ended;
    const output = exits === 0 ? stdout : stderr;
    expect({ exitCode, isSilent: output.trim() === "" }).toEqual({ exitCode: exits, isSilent: false });
  });
});
