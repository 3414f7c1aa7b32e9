import type { Request } from "autocannon";
import { AMOUNT, type Spread } from "../workload.ts";
import { pricedConsume } from "./catalogue.ts";

/** The tokens of all users; the owner of the hot account is the first. */
export type Tokens = readonly [string, ...string[]];

/** Consumes in one tRPC batch: the most that the server accepts. */
export const BATCH_SIZE = 20;

/** The requests of a stretch of load. */
export type Work = {
  readonly what: string;
  readonly spread: Spread;
  readonly requests: readonly Request[];
  /** Consumes or logs in each request; 0 for a request that only reads. */
  readonly consumesEach: number;
};

/** The answer to a request: how many consumes were done, and the codes of those that were refused. */
export type Answer = { readonly done: number; readonly refused: readonly string[] };

const consume = { amount: AMOUNT, action: "bench" };

/** Without an Idempotency-Key, so that each request has an effect. */
const post = (path: string, body: string) => (token: string) =>
  ({
    method: "POST",
    path,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body,
  }) as const;

const batchPath = `/trpc/${Array(BATCH_SIZE).fill("credits.consume").join(",")}?batch=1`;
/** In the format of superjson. */
const batchBody = JSON.stringify(
  Object.fromEntries(Array.from({ length: BATCH_SIZE }, (_, n) => [n, { json: consume }])),
);

const tokensOf = (tokens: Tokens, spread: Spread): readonly string[] =>
  spread === "one account" ? [tokens[0]] : tokens;

/** One consume in each request. */
export const consumes = (tokens: Tokens, spread: Spread): Work => ({
  what: "POST /credits/consume",
  spread,
  requests: tokensOf(tokens, spread).map(post("/credits/consume", JSON.stringify(consume))),
  consumesEach: 1,
});

/** One consume in each request, which the catalogue prices. */
export const pricedConsumes = (tokens: Tokens, spread: Spread): Work => ({
  what: "POST /credits/consume with params",
  spread,
  requests: tokensOf(tokens, spread).map(post("/credits/consume", JSON.stringify(pricedConsume))),
  consumesEach: 1,
});

/** Asks what the priced action costs. */
export const quotes = (tokens: Tokens): Work => ({
  what: "POST /credits/quotes",
  spread: "one account",
  requests: [post("/credits/quotes", JSON.stringify(pricedConsume))(tokens[0])],
  consumesEach: 0,
});

/** Reads the balance of one account. */
export const balances = (tokens: Tokens): Work => ({
  what: "GET /credits/balance",
  spread: "one account",
  requests: [{ method: "GET", path: "/credits/balance", headers: { Authorization: `Bearer ${tokens[0]}` } }],
  consumesEach: 0,
});

/** Twenty consumes of one user in each request. */
export const batches = (tokens: Tokens, spread: Spread): Work => ({
  what: `POST /trpc, ${BATCH_SIZE} consumes in a batch`,
  spread,
  requests: tokensOf(tokens, spread).map(post(batchPath, batchBody)),
  consumesEach: BATCH_SIZE,
});

/** A call in the answer to a tRPC batch. */
type Call = { readonly error?: { readonly json?: { readonly data?: { readonly app?: { readonly code?: string } } } } };

const codeOf = ({ error }: Call): string | undefined => error?.json?.data?.app?.code;

/** Reads an answer of REST or tRPC. Without a body, the code of a refusal is its status. */
export function readAnswer(status: number, body: string, consumesEach: number): Answer {
  if (status === 200) return { done: consumesEach, refused: [] };
  const answer = parseJson(body);
  if (!Array.isArray(answer)) {
    const whole = answer as Call & { readonly code?: string };
    return { done: 0, refused: [whole.code ?? codeOf(whole) ?? String(status)] };
  }
  const failed = (answer as Call[]).filter(({ error }) => error !== undefined);
  return { done: answer.length - failed.length, refused: failed.map((call) => codeOf(call) ?? String(status)) };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
