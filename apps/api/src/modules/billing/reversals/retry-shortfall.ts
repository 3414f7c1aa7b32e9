import { SHORTFALL_RETRY_MS } from "@jifen/billing";
import { ok, refuse } from "@jifen/core";
import type { Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { readRows } from "./payment-rows.ts";
import { mostOf, takeCredits } from "./take-credits.ts";
import { owedBy } from "./uncovered.ts";

/**
 * Tries to take what an outside refund or a dispute could not take: at once when another reversal has given it back, and once
 * more when every hold of that time has ended. What is still missing then stays as its shortfall. A dispute that has not ended
 * keeps its schedule.
 */
export async function retryShortfall(deps: PaymentDeps, reversal: Reversal): Promise<void> {
  const { payment, all } = await readRows(deps, reversal);
  // What other reversals of the payment have taken instead is not missing any more.
  const owed = owedBy(reversal, payment, all);
  const credits = Math.min(owed, reversal.takenCredits + reversal.shortfall);
  const most = { credits, bonus: mostOf(reversal, payment, all).bonus };
  const taken = await takeCredits(deps, reversal, { payment, most, all });
  // Another process has changed it: it is due again when its claim ends.
  if (!taken.isCurrent) return;
  const { revision, shortfall, takenCredits } = taken.reversal;
  const missing = Math.min(shortfall, Math.max(0, owed - takenCredits));
  const isDone = reversal.state === "done";
  if (!isDone && revision === reversal.revision && missing === shortfall) return;
  await deps.database.reversals.change(taken.reversal, ({ reversal: now }) => {
    if (now.revision !== revision) return refuse({ code: "MOVED" as const });
    const atMs = deps.nowMs();
    const event = {
      ...({ atMs, what: `${now.kind}: shortfall tried again`, source: "time", reference: payment.id } as const),
      details: JSON.stringify({ reversalId: now.id, takenCredits, shortfall: missing }),
    };
    const isTriedAgain = now.checks === 0 && missing > 0;
    const next = { checks: now.checks + 1, nextCheckMs: isTriedAgain ? atMs + SHORTFALL_RETRY_MS : null };
    return ok({ set: { ...(isDone && next), shortfall: missing }, payment: { set: {}, event } });
  });
}
