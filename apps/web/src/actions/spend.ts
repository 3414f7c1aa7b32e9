"use server";

import { type JifenResult, settle } from "@jifen/client/server";
import { after } from "next/server";
import { jifenServer, requireUser } from "../lib/jifen-server.ts";
import { findOffer } from "../lib/offers.ts";

/** What is wanted. The price is not part of it: it is decided here. */
type Wanted = { readonly action: string; readonly idempotencyKey: string };

/** What a spending charged, and what is left. */
export type Spent = { readonly action: string; readonly amount: number; readonly balance: number };

/** Spends credits on an offer, at most once per key, and writes a log of it after the response. */
export async function spend({ action, idempotencyKey }: Wanted): Promise<JifenResult<Spent>> {
  return settle(async () => {
    const { amount } = findOffer(action);
    const { userId } = await requireUser();
    const jifen = await jifenServer();
    const { balance, transactionId } = await jifen.credits.consume.mutate({ action, amount, idempotencyKey });
    const log = { userId, action, success: true, transactionId, timestamp: new Date().toISOString() };
    after(() => settle(() => jifen.logs.create.mutate({ ...log, details: { amount }, idempotencyKey: transactionId })));
    return { action, amount, balance };
  });
}
