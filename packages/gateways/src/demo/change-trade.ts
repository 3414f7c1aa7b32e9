import { type Outcome, ok, refuse } from "@jifen/core";
import {
  changeOf,
  type DemoAct,
  type DemoChange,
  type DemoTrade,
  type DemoTrades,
  type NotPossible,
  toDemoTrade,
} from "./trade.ts";

/** How often a trade is read again because another request has changed it meanwhile. */
const MAX_ATTEMPTS = 20;

/**
 * Changes a trade by what `decide` returns for it; `decide` is pure, and runs again when the trade was changed concurrently.
 * `undefined` changes nothing. Refuses NOT_POSSIBLE, also when there is no such trade.
 */
export async function changeTrade(
  trades: DemoTrades,
  id: string,
  decide: (trade: DemoTrade) => Outcome<DemoChange | undefined, NotPossible>,
): Promise<Outcome<DemoTrade, NotPossible>> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const row = await trades.find(id);
    if (!row) return refuse({ code: "NOT_POSSIBLE" });
    const decided = decide(toDemoTrade(row));
    if (!decided.ok) return decided;
    if (decided.value === undefined) return ok(toDemoTrade(row));
    if (await trades.change(row, decided.value)) return ok(toDemoTrade({ ...row, ...decided.value }));
  }
  throw new Error(`the demo trade ${id} is changed by too many requests`);
}

/** Does what a person clicked on the page of a trade. @param nowMs epoch milliseconds */
export const actOnDemoTrade = (
  trades: DemoTrades,
  { id, act, nowMs }: { readonly id: string; readonly act: DemoAct; readonly nowMs: number },
): Promise<Outcome<DemoTrade, NotPossible>> => changeTrade(trades, id, (trade) => changeOf(trade, act, nowMs));
