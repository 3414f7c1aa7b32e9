import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { openToImport, transferTables } from "@jifen/database";
import { expect } from "vitest";
import { jifen } from "./jifen-command.ts";
import { draft, publish } from "./priced-api.ts";
import { type ApiWithAdmin, admin, grantsOf } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** The folder of the exports. */
export const folder = createTemporaryFolder();
let files = 0;
/** The path of a file that does not exist yet. */
export const newExportFile = () => `${folder}/export-${++files}.ndjson.gz`;

/** The lines of an export. */
export const linesOf = (path: string) => gunzipSync(readFileSync(path)).toString().trimEnd().split("\n");
/** The number of rows of every table, also during an import. */
export async function countRows(url: string): Promise<Record<string, number>> {
  const { database } = await openToImport(url);
  const counts = await Promise.all(
    transferTables.map(async (table) => [table.name, await database.tableCopier.count(table)]),
  );
  await database.close();
  return Object.fromEntries(counts);
}

/** Creates a row in every table. */
export async function fillEveryTable(api: ApiWithAdmin): Promise<void> {
  const { server, tokens } = api;
  await api.fund({ amount: 1_000_000_000_000, source: "purchase" }, { amount: 50, livesMs: 3_600_000 });
  await api.post(grantsOf(admin.email), { amount: 1_000_000, reason: "a test" }, { as: "admin" });
  await api.post("/credits/consume", { amount: 5, action: "视频 🎬" }, { key: "order-1" });
  const spent = await api.post("/credits/consume", {
    amount: 7,
    action: "video",
    metadata: { "积分 ": "\u2028 é\u0000" },
  });
  await api.post("/credits/refunds", { transactionId: spent.body.transactionId, amount: 3 }, { as: "admin" });
  await api.post("/credits/holds", { amount: 20, action: "song" });
  const details = { prompt: '猫 🐈 \u2029 \\ " ', long: "积".repeat(10_000) };
  const log = { userId: user.email, action: "video", details, success: true, timestamp: new Date().toISOString() };
  expect((await api.post("/logs/create", log, { key: "log-1" })).status).toBe(200);
  const key = { name: "worker", scopes: ["credits:read"] };
  expect((await server.call("POST", "/keys", { token: tokens.user, body: key })).status).toBe(200);
  await publish(api, await draft(api));
  const endedToken = await server.token(user);
  expect((await server.call("POST", "/auth/logout", { token: endedToken })).status).toBe(200);
  expect(
    await api.post(`/admin/users/${user.email}/password-link`, { reason: "forgotten" }, { as: "admin" }),
  ).toMatchObject({ status: 200 });
  const codes = { name: "codes", credits: 9, codes: 2, reason: "a test" };
  // Of the admin, to whom nothing happens: a delivery would change between two exports.
  const endpoint = await api.post("/webhooks/endpoints", { url: "https://jifen.invalid/hook" }, { as: "admin" });
  expect(endpoint.status).toBe(200);
  const made = await api.post("/admin/codes/batches", codes, { as: "admin" });
  expect((await api.post("/codes/redeem", { code: made.body.codes[0] })).status).toBe(200);
  expect((await jifen(server.database.url, "audit")).exitCode).toBe(0);
}
