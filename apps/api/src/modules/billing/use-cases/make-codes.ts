import { randomBytes } from "node:crypto";
import { CODE_BYTES, makeCode, readCode } from "@jifen/billing";
import type { operations, Refusal } from "@jifen/contract";
import { invariant, type Outcome, ok } from "@jifen/core";
import type { CodeBatch } from "@jifen/database";
import type { z } from "zod";
import { invalidField } from "../../../values/invalid-field.ts";
import { parseTime } from "../../../values/parse-time.ts";
import { toAuditEvent } from "../../audit/audit-event.ts";
import { ownUserId, type Principal } from "../../identity/credentials/principal.ts";
import { sha256 } from "../../identity/credentials/sha256.ts";
import type { Deps } from "../deps.ts";

/** The parsed input of `codeBatches.make`. */
type Request = z.output<typeof operations.codeBatches.make.input>;

/** A batch that was made. The codes cannot be read again: only their hashes are stored. */
export type MadeCodes = { readonly batch: CodeBatch; readonly codes: readonly string[] };

/** Makes a batch of redemption codes. Refuses: VALIDATION_FAILED (until). */
export async function makeCodes(
  deps: Pick<Deps, "database" | "newId" | "nowMs">,
  { codes: size, validDays, from, until, priceGroup, reason, ...terms }: Request,
  by: Principal,
): Promise<Outcome<MadeCodes, Refusal<"VALIDATION_FAILED">>> {
  const nowMs = deps.nowMs();
  const [fromMs, untilMs] = [parseTime(from) ?? null, parseTime(until) ?? null];
  if (untilMs !== null && untilMs <= Math.max(nowMs, fromMs ?? nowMs)) {
    return invalidField("until", { zh: "必须晚于现在和 from", en: "must be later than now and than from" });
  }
  const codes = Array.from({ length: size }, () => makeCode(randomBytes(CODE_BYTES)));
  const batch = {
    ...terms,
    ...{ id: deps.newId("batch"), size, validDays: validDays ?? null, fromMs, untilMs },
    ...{ priceGroup: priceGroup ?? null, madeBy: by.actor, ownerId: ownUserId(by), madeAtMs: nowMs },
  };
  const { name, credits, maxUsesPerCode, maxPerUser } = terms;
  const event = toAuditEvent(deps, by, {
    ...{ action: "codes.make", subject: `batch:${batch.id}`, reason },
    details: { name, codes: size, credits, maxUsesPerCode, maxPerUser, ...(priceGroup && { priceGroup }) },
  });
  await deps.database.codes.make(batch, codes.map(hashOf), event);
  return ok({ batch: { ...batch, endedAtMs: null, claims: 0 }, codes });
}

/** The hash under which a code is stored. */
function hashOf(code: string): string {
  const plain = readCode(code);
  invariant(plain !== undefined, "a code that was made cannot be read");
  return sha256(plain);
}
