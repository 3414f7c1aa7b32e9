import type { Request } from "autocannon";
import type { Tokens } from "../seed-data.ts";
import { AMOUNT, type Spread } from "../workload.ts";

/** How many consumes travel in one tRPC batch: the most that the server takes. */
export const BATCH_SIZE = 20;

/** One thing to ask for, whoever answers it. */
export type Work = {
  readonly what: string;
  readonly spread: Spread;
  readonly requests: readonly Request[];
  /** How many consumes one request is; 0 for one that only looks. */
  readonly consumesEach: number;
};

const consumed = { amount: AMOUNT, action: "bench" };

const headers = (token: string) => ({ Authorization: `Bearer ${token}`, "Content-Type": "application/json" });

/** No Idempotency-Key: every request is meant. */
const consumeRequest = (token: string): Request => ({
  method: "POST",
  path: "/credits/consume",
  headers: headers(token),
  body: JSON.stringify(consumed),
});

const balanceRequest = (token: string): Request => ({
  method: "GET",
  path: "/credits/balance",
  headers: { Authorization: `Bearer ${token}` },
});

const batchPath = `/trpc/${Array(BATCH_SIZE).fill("credits.consume").join(",")}?batch=1`;
/** As superjson writes what JSON can say by itself. */
const batchBody = JSON.stringify(
  Object.fromEntries(Array.from({ length: BATCH_SIZE }, (_, call) => [call, { json: consumed }])),
);

/** One caller in each batch, as there is one token in each request. */
const batchRequest = (token: string): Request => ({
  method: "POST",
  path: batchPath,
  headers: headers(token),
  body: batchBody,
});

const tokensOf = (tokens: Tokens, spread: Spread): readonly string[] =>
  spread === "one account" ? [tokens[0]] : tokens;

/** Spending, one consume in each request. */
export const consumes = (tokens: Tokens, spread: Spread): Work => ({
  what: "POST /credits/consume",
  spread,
  requests: tokensOf(tokens, spread).map(consumeRequest),
  consumesEach: 1,
});

/** Looking at one balance. */
export const balances = (tokens: Tokens): Work => ({
  what: "GET /credits/balance",
  spread: "one account",
  requests: [balanceRequest(tokens[0])],
  consumesEach: 0,
});

/** Spending, twenty consumes in each request. */
export const batches = (tokens: Tokens, spread: Spread): Work => ({
  what: `POST /trpc, ${BATCH_SIZE} consumes in a batch`,
  spread,
  requests: tokensOf(tokens, spread).map(batchRequest),
  consumesEach: BATCH_SIZE,
});
