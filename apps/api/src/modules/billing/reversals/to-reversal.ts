import type { operations } from "@jifen/contract";
import type { Reversal } from "@jifen/database";
import type { z } from "zod";
import { isoTime } from "../../../values/iso-time.ts";
import { toMoney } from "../orders/to-order.ts";

type Output = z.input<typeof operations.adminOrders.find.output>["reversals"][number];

/** A reversal as responses have it. */
export const toReversal = (reversal: Reversal): Output => ({
  ...{ reversalId: reversal.id, paymentId: reversal.paymentId, kind: reversal.kind, rule: reversal.rule },
  amount: toMoney(reversal.amountMinor, reversal.currency),
  ...{ askedCredits: reversal.askedCredits, takenCredits: reversal.takenCredits, takenBonus: reversal.takenBonus },
  ...{ shortfall: reversal.shortfall, state: reversal.state, reason: reversal.reason, by: reversal.madeBy },
  ...{ at: isoTime(reversal.createdAtMs), providerId: reversal.providerRef },
});
