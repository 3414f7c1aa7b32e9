import type { JifenInputs, JifenOutputs } from "../router.ts";
import { type Loaded, useLoaded } from "./loaded.ts";

/** A price that holds for some minutes. */
export type Quote = JifenOutputs["quotes"]["create"];

/** Typing asks for a price after this pause only. */
const PAUSE_MS = 250;
/** A quote is renewed before it expires, so that a press does not meet an expired one. */
const RENEW_BEFORE_MS = 20_000;
const SHORTEST_MS = 5_000;

/** The price of an action by the catalogue, renewed before it expires. Nothing is read without an input. */
export const useQuote = (input: JifenInputs["quotes"]["create"] | undefined): Loaded<Quote> =>
  useLoaded({
    path: "quotes.create",
    input,
    read: async (jifen, signal) => {
      await pause(PAUSE_MS, signal);
      return jifen.quotes.create.mutate(input ?? { action: "" }, { signal });
    },
    options: {
      enabled: input !== undefined,
      refetchInterval: ({ state: { data } }) =>
        data ? Math.max(SHORTEST_MS, Date.parse(data.expiresAt) - Date.now() - RENEW_BEFORE_MS) : false,
    },
  });

/** Rejects when the signal fires: the next price is wanted already. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
