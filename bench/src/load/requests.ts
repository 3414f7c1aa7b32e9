import type { Request } from "autocannon";

/** What every consume spends. */
export const AMOUNT = 5;
/** How many connections send at once. */
export const CONNECTIONS = [1, 64, 256] as const;

/** One thing to measure, whoever serves it. */
export type Case = {
  readonly what: string;
  readonly spends: boolean;
  readonly spread: Spread;
  readonly connections: number;
  readonly requests: readonly Request[];
};

/** Whether everybody spends from one account or each from their own. */
export type Spread = "one account" | "10,000 accounts";

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** No Idempotency-Key: every request is meant. */
export const consumeRequest = (token: string): Request => ({
  method: "POST",
  path: "/credits/consume",
  headers: { ...bearer(token), "Content-Type": "application/json" },
  body: JSON.stringify({ amount: AMOUNT, action: "bench" }),
});

export const balanceRequest = (token: string): Request => ({
  method: "GET",
  path: "/credits/balance",
  headers: bearer(token),
});

/** Everything that is measured over HTTP. `tokens` are those of all users. */
export function casesFor(tokens: readonly [string, ...string[]]): Case[] {
  const hot = tokens[0];
  const whats = [
    { what: "POST /credits/consume", spends: true, spread: "one account", requests: [consumeRequest(hot)] },
    { what: "POST /credits/consume", spends: true, spread: "10,000 accounts", requests: tokens.map(consumeRequest) },
    { what: "GET /credits/balance", spends: false, spread: "one account", requests: [balanceRequest(hot)] },
  ] as const;
  return whats.flatMap((each) => CONNECTIONS.map((connections) => ({ ...each, connections })));
}
