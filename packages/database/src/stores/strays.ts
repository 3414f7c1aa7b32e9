import type { PaymentFact } from "@jifen/billing";
import { type Outcome, ok, refuse } from "@jifen/core";
import { DuplicateKey, type Records, type StoredRecord } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";

/** A payment of an order that is not here. */
export type Stray = StoredRecord<"strays">;

/** The primary key of a stray. */
export type StrayKey = Pick<Stray, "channel" | "merchant" | "txnId">;

/** How a person dealt with a stray. */
export type StrayResolution = { readonly by: string; readonly atMs: number; readonly note: string };

/** Payments of orders that are not here. */
export type StrayStore = {
  /** Stores a stray, or counts that it was reported again. */
  record(fact: PaymentFact, nowMs: number): Promise<void>;
  find(key: StrayKey): Promise<Stray | undefined>;
  /** Stores how a person dealt with it, with the audit event. @returns false when it does not exist or is resolved */
  resolve(key: StrayKey, resolution: StrayResolution, event: AuditEvent): Promise<boolean>;
};

const unresolved = { resolvedAtMs: null } as const;

/** Strays on any database. */
export const createStrayStore = (records: Records): StrayStore => ({
  record: async ({ channel, merchant, txnId, live, orderId, amount, paidAtMs }, nowMs) => {
    const key = { channel, merchant, txnId };
    const again = { set: { lastMs: nowMs }, add: { times: 1 } };
    if ((await records.update("strays", key, again)) > 0) return;
    const first = {
      ...key,
      live,
      orderNumber: orderId,
      amountMinor: amount.minor,
      currency: amount.currency,
      paidAtMs,
    };
    try {
      await records.insert("strays", { ...first, firstMs: nowMs, lastMs: nowMs, times: 1 });
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
      await records.update("strays", key, again);
    }
  },

  find: ({ channel, merchant, txnId }) => records.get("strays", { channel, merchant, txnId }),

  resolve: async ({ channel, merchant, txnId }, { by, atMs, note }, event) => {
    const outcome = await withAuditEvent(records, event, async (tx): Promise<Outcome<undefined, undefined>> => {
      const set = { resolvedBy: by, resolvedAtMs: atMs, note };
      const change = { expected: unresolved, set };
      const isResolved = await tx.compareAndSet("strays", { channel, merchant, txnId }, change);
      return isResolved ? ok(undefined) : refuse(undefined);
    });
    return outcome.ok;
  },
});
