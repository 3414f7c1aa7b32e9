import { type operations, type Refusal, timeZoneRule, type Wording } from "@jifen/contract";
import { accountOf, type GrantSource, type Outcome, ok, type UserId } from "@jifen/core";
import type { AccountStatement, NamedSum } from "@jifen/database";
import type { z } from "zod";
import { invalidField } from "../../../values/invalid-field.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { monthAfter, startOfMonth } from "../../../values/time-zones/month.ts";
import { isTimeZone } from "../../../values/time-zones/time-zone.ts";
import type { Deps } from "../deps.ts";

/** Which statement to read. `month` as `2026-11`; the default time zone if `tz` is left out. */
type Input = { readonly userId: UserId; readonly month: string; readonly tz?: string | undefined };
type Output = z.input<typeof operations.statements.find.output>;

/**
 * Reads the statement of a month. Whether the month has begun or is over follows from the database's clock, which also gives
 * entries their times. Refuses: VALIDATION_FAILED.
 */
export async function readStatement(
  { database, ledger, timeZone }: Pick<Deps, "database" | "ledger" | "timeZone">,
  { userId, month, tz = timeZone }: Input,
): Promise<Outcome<Output, Refusal<"VALIDATION_FAILED">>> {
  if (!isTimeZone(tz)) return invalidField("tz", timeZoneRule);
  const account = accountOf(userId);
  // Processes expirations first: the statement of the present month has them, and its closing balance is the balance.
  const { readAtMs } = await ledger.balance(account);
  const fromMs = startOfMonth(month, tz);
  if (fromMs > readAtMs) return invalidField("month", hasNotBegun(tz));
  const toMs = startOfMonth(monthAfter(month), tz);
  const statement = await database.statements.read(account, { fromMs, toMs }, readAtMs);
  return ok({
    ...{ userId, month, tz, from: isoTime(fromMs), to: isoTime(toMs) },
    ...toOutput(statement),
    asOf: isoTime(statement.isFinal ? toMs : readAtMs),
  });
}

const hasNotBegun = (timeZone: string): Wording => ({
  zh: `该月份在 ${timeZone} 时区尚未开始：必须是当前月份或更早的月份`,
  en: `has not begun in ${timeZone}; must be the present month or an earlier one`,
});

function toOutput({ opening, closing, sums, isFinal }: AccountStatement) {
  return {
    opening: toPosition(opening),
    grants: {
      total: totalOf(sums.grants),
      bySource: sums.grants.map(({ name, entries, amount }) => ({
        ...{ source: name as GrantSource, grants: entries, amount },
      })),
    },
    revoked: sums.revoked,
    spent: {
      total: totalOf(sums.spent),
      charges: sums.spent.reduce((count, { entries }) => count + entries, 0),
      byAction: sums.spent.map(({ name, entries, amount }) => ({ action: name, charges: entries, amount })),
    },
    refunded: {
      total: totalOf(sums.refunded),
      refunds: sums.refunded.reduce((count, { entries }) => count + entries, 0),
      byAction: sums.refunded.map(({ name, entries, amount }) => ({ action: name, refunds: entries, amount })),
    },
    expired: sums.expired,
    closing: toPosition(closing),
    final: isFinal,
  };
}

const totalOf = (sums: readonly NamedSum[]): number => sums.reduce((total, { amount }) => total + amount, 0);

const toPosition = ({ balance, held }: AccountStatement["opening"]) => ({ balance, held, total: balance + held });
