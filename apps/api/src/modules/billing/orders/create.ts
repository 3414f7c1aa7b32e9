import { operations } from "@jifen/contract";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { callerKeys } from "../../credits/idempotency-keys.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { readOutput } from "./payments-of.ts";
import { placeOrder } from "./place-order.ts";

/** Orders a pack for the caller, once per idempotency key. */
export const create = (deps: PaymentDeps) =>
  implement(operations.orders.create, async ({ input, caller, idempotencyKey, address }) => {
    const { idempotencyKey: key } = callerKeys(caller, idempotencyKey);
    const { userId, actor } = caller;
    const outcome = await placeOrder(deps, { ...input, userId, actor, idempotencyKey: key, address });
    if (!outcome.ok) return outcome;
    const { order, replayed } = outcome.value;
    return replayableOk(await readOutput(deps, order), { replayed });
  });
