import { createHash, randomUUID } from "node:crypto";
import { grantId, userId } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import type { RestAnswer } from "@jifen/testkit";
import { expect } from "vitest";
import { type ApiWithAdmin, admin } from "./start-api-with-admin.ts";

/** A batch that was made. */
export type Batch = { readonly batchId: string; readonly codes: readonly string[]; readonly code: string };

/** Makes codes of 50 credits, as the admin. */
export async function makeBatch(api: ApiWithAdmin, terms: object = {}): Promise<Batch> {
  const body = { name: "Spring 春", credits: 50, codes: 1, reason: "a test", ...terms };
  const made = await api.post("/admin/codes/batches", body, { as: "admin" });
  expect(made).toMatchObject({ status: 200 });
  const { batch, codes } = made.body;
  return { batchId: batch.batchId, codes, code: codes[0] };
}

/** A service key of the admin that acts for any user. */
export async function actingKey(api: ApiWithAdmin): Promise<string> {
  const body = { name: "shop", scopes: ["credits:spend", "credits:read", "act-as"], userId: admin.email };
  const made = await api.post("/keys", body, { as: "admin" });
  expect(made).toMatchObject({ status: 200 });
  return made.body.key;
}

/** Creates users, as the admin. @returns their ids */
export async function createUsers(api: ApiWithAdmin, count: number): Promise<readonly string[]> {
  const emails = Array.from({ length: count }, () => `${randomUUID()}@example.com`);
  for (const email of emails) {
    const created = await api.post("/admin/users", { email, name: "n" }, { as: "admin" });
    expect(created).toMatchObject({ status: 200 });
  }
  return emails;
}

/** An answer without what differs in each: its request id. */
export const answerOf = ({ status, body: { requestId: _, ...body } }: RestAnswer) => ({ status, body });

/** Claims a code as a server does that ends between the claim and the grant. @param nextCheckMs when the grant is tried again */
export async function claimWithoutGrant(
  url: string,
  { code, user, nextCheckMs }: { readonly code: string; readonly user: string; readonly nextCheckMs: number },
): Promise<void> {
  const database = await openDatabase(url, { migrate: false });
  const codeHash = createHash("sha256").update(code.replaceAll("-", "")).digest("hex");
  const found = await database.codes.find(codeHash);
  if (!found) throw new Error("the code is not stored");
  const { batch, maxUses } = found;
  const claim = {
    ...{ userId: userId(user), batchId: batch.id, codeHash, credits: batch.credits },
    ...{ grantId: grantId(`grant-${randomUUID()}`), expiresAtMs: null, claimedAtMs: Date.now(), nextCheckMs },
  };
  expect(await database.codes.claim(claim, { maxUses, maxPerUser: batch.maxPerUser })).toMatchObject({ ok: true });
  await database.close();
}
