import type { AccountId } from "@jifen/core";
import { expect } from "vitest";
import { done, granting, perform } from "./commands.ts";
import { newId, orderRow, withExtra } from "./extra-writes.ts";
import { type InUse, journalOf } from "./use-database.ts";

/** Gives an account credits and creates an open order, in one transaction. @returns the id of the order */
export async function fundWithOrder(here: InUse, account: AccountId, amount = 100): Promise<string> {
  const order = newId();
  const command = withExtra(granting(account, amount), () => ({ rows: [orderRow(order)] }));
  done(await perform(here.database.ledger, command));
  return order;
}

/** The state of an order and the entry that changed it. */
export const orderOn = async (here: InUse, order: string): Promise<{ state: unknown; by: unknown } | undefined> => {
  const [row] = await here.rows.find("one_time_links", { user_id: order });
  return row && { state: row["secret_hash"], by: row["payload"] };
};

/** The events of this id. */
export const eventsOn = (here: InUse, event: string) => here.rows.find("audit_events", { id: event });

type Attempt = { readonly account: AccountId; readonly key: string; readonly order: string; readonly event: string };

/**
 * Expects that a command with `payOrder` took effect with all of its extra writes or with none. The caller makes sure that
 * no transaction of it is open any more.
 * @returns whether it took effect
 */
export async function expectBothOrNeither(here: InUse, { account, key, order, event }: Attempt): Promise<boolean> {
  const entries = (await journalOf(here.rows, account)).filter((entry) => entry.idempotency_key === `caller:${key}`);
  const [events, orderRowOn] = [await eventsOn(here, event), await orderOn(here, order)];
  const [entry] = entries;
  expect(entries.length).toBeLessThanOrEqual(1);
  expect(events.map(({ subject }) => subject)).toEqual(entry ? [entry.id] : []);
  expect(orderRowOn).toEqual(entry ? { state: "paid", by: entry.id } : { state: "open", by: null });
  return entry !== undefined;
}
