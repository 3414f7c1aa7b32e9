import type { operations } from "@jifen/contract";
import { accountOf, credits, grantId, type UserId } from "@jifen/core";
import type { Ledger } from "@jifen/ledger";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { operatorIdempotencyKey } from "../idempotency-keys.ts";

/** What somebody asks of `admin.grant`, checked. */
type Asked = z.output<typeof operations.admin.grant.input>;

/** The ledger's command for a grant by hand. */
export const grantCommand = (
  { newId }: Pick<Deps, "newId">,
  id: UserId,
  { amount, source, priority, expiresAt, reason, idempotencyKey }: Asked,
): Parameters<Ledger["grant"]>[0] => ({
  accountId: accountOf(id),
  idempotencyKey: operatorIdempotencyKey(idempotencyKey),
  grantId: grantId(newId("grant")),
  amount: credits(amount),
  source,
  priority,
  expiresAtMs: expiresAt === undefined ? null : Date.parse(expiresAt),
  reason,
});
