import { z } from "zod";
import { zTime, zTransactionId } from "../ids.ts";
import { bilingual } from "../language.ts";
import { zCredits, zOutputText } from "../primitives.ts";

const orderIdRule = {
  error: bilingual({
    zh: "必须是 32 位小写十六进制订单号",
    en: "must be an order id of 32 lower-case hexadecimal digits",
  }),
};

/** The id of an order, which is its number at the payment provider. */
export const zOrderId = z
  .string(orderIdRule)
  .regex(/^[0-9a-f]{32}$/, orderIdRule)
  .meta({ id: "OrderId", maxLength: 32, examples: ["01a204b452c2765e9ff63a127379f980"] });

/** The states of an order. */
export const zOrderState = z.enum(["new", "open", "failed", "closed", "paid", "credited"]).meta({
  description:
    "`new`: not yet payable. `open`: can be paid. `failed`: refused by the provider. `closed`: was not paid. `paid`: a payment was accepted. `credited`: the credits are in the account.",
});

/** Money in a response. */
export const zMoney = z
  .object({
    minor: z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({ description: "Whole minor units, such as cents." }),
    currency: zOutputText(3),
    text: zOutputText(30).meta({ description: "The amount for people.", examples: ["9.90"] }),
  })
  .meta({ id: "Money" });

const zTitle = z.object({ zh: zOutputText(40), en: zOutputText(40) });

/** An order in a response. */
export const zOrder = z
  .object({
    orderId: zOrderId,
    state: zOrderState,
    kind: zOutputText(20),
    item: z.object({ id: zOutputText(40), title: zTitle }).meta({ description: "The pack." }),
    amount: zMoney,
    credits: zCredits,
    bonusCredits: zCredits,
    channel: zOutputText(32),
    method: zOutputText(32),
    pay: z
      .object({ kind: z.enum(["redirect", "qr"]), text: zOutputText(4_096) })
      .nullable()
      .meta({
        description: "How to pay: open the address, or scan the text as a QR code. Null unless it can be paid.",
      }),
    createdAt: zTime,
    expiresAt: zTime.meta({ description: "Until when it can be paid." }),
    paidAt: zTime.nullable(),
    creditedAt: zTime.nullable(),
    transactionId: zTransactionId.nullable().meta({ description: "The grant of the credits." }),
    refunded: zMoney,
    needsHelp: z.boolean().meta({ description: "Whether a payment of this order is being looked at by staff." }),
  })
  .meta({ id: "Order" });

/** A payment of an order, for staff. */
export const zOrderPayment = z
  .object({
    paymentId: zOutputText(40),
    channel: zOutputText(32),
    merchant: zOutputText(200),
    providerId: zOutputText(255),
    live: z.boolean(),
    amount: zMoney,
    paidAt: zTime,
    recordedAt: zTime,
    source: zOutputText(20),
    state: z.enum(["accepted", "credited", "review", "returned", "dismissed"]),
    reason: zOutputText(400).nullable().meta({ description: "Why it is in review, or what staff decided." }),
    credits: zCredits,
    bonusCredits: zCredits,
    transactionId: zTransactionId.nullable(),
    bonusTransactionId: zTransactionId.nullable(),
    disputed: z.boolean(),
  })
  .meta({ id: "OrderPayment" });

const zOrderEvent = z.object({
  number: z.int().min(1),
  at: zTime,
  what: zOutputText(100),
  source: zOutputText(20),
  reference: zOutputText(100).nullable(),
  details: z.record(z.string(), z.unknown()).nullable(),
  repeats: z.int().min(0).meta({ description: "How often the same was reported again." }),
});

/** A reversal of a payment, for staff. */
export const zOrderReversal = z
  .object({
    reversalId: zOutputText(40),
    paymentId: zOutputText(40),
    kind: z.enum(["refund", "outside", "dispute"]).meta({
      description:
        "`refund`: by staff. `outside`: made at the provider. `dispute`: by the customer's bank. The amount of the last two is what the provider reports.",
    }),
    rule: z.enum(["unused", "goodwill", "keep", "all"]).meta({
      description:
        "The credits that it takes. `unused`: all that belong to the money. `goodwill`: of those, as many as there are. `keep`: none. `all`: what is left of the payment.",
    }),
    amount: zMoney,
    askedCredits: zCredits,
    takenCredits: zCredits,
    takenBonus: zCredits,
    shortfall: zCredits.meta({ description: "Credits that were spent and could not be taken." }),
    state: z.enum(["asked", "taken", "sent", "done", "failing", "failed", "stuck"]).meta({
      description:
        "`taken`: the credits are taken. `sent`: accepted by the provider, which is no success. `done`: the money is back. `failing`: no money goes back, and the credits are being given back. `failed`: they were given back. `stuck`: staff has to look.",
    }),
    reason: zOutputText(400).nullable(),
    by: zOutputText(400),
    at: zTime,
    providerId: zOutputText(255).nullable(),
  })
  .meta({ id: "Reversal" });

/** An order in a list for staff. */
export const zAdminOrder = zOrder
  .extend({ userId: zOutputText(320), merchant: zOutputText(200) })
  .meta({ id: "AdminOrder" });

/** An order with all that happened to it, for staff. */
export const zOrderFile = zAdminOrder
  .extend({
    events: z.array(zOrderEvent).meta({ maxItems: 1_000 }),
    payments: z.array(zOrderPayment).meta({ maxItems: 100 }),
    reversals: z.array(zOrderReversal).meta({ maxItems: 100 }),
  })
  .meta({ id: "OrderFile" });
