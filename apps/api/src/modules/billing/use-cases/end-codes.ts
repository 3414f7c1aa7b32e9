import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { CodeBatch } from "@jifen/database";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";

/** Ends a batch of redemption codes. Refuses, in this order: CODE_BATCH_NOT_FOUND, CODE_BATCH_ENDED. */
export async function endCodes(
  deps: Pick<Deps, "database" | "newId" | "nowMs">,
  { batchId, reason }: { readonly batchId: string; readonly reason: string },
  by: Principal,
): Promise<Outcome<CodeBatch, Refusal<"CODE_BATCH_NOT_FOUND" | "CODE_BATCH_ENDED">>> {
  const { codes } = deps.database;
  const event = toAuditEvent(deps, by, { action: "codes.end", subject: `batch:${batchId}`, reason });
  const isEnded = await codes.end(batchId, deps.nowMs(), event);
  const batch = await codes.findBatch(batchId);
  if (!batch) return refuse({ code: "CODE_BATCH_NOT_FOUND" });
  return isEnded ? ok(batch) : refuse({ code: "CODE_BATCH_ENDED" });
}
