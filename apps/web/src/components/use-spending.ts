import { createJifenClient, type Language } from "@jifen/client";
import { useMemo, useState } from "react";
import type { Offer } from "../lib/offers.ts";
import { type Spending, spend, writeLog } from "../lib/spending.ts";

/** One attempt to spend credits. `logged` is undefined until the log has responded. */
export type Attempt = {
  readonly id: number;
  readonly offer: Offer;
  readonly spending: Spending;
  readonly logged?: boolean | undefined;
};

type SpendingOptions = { readonly userId: string; readonly language: Language; readonly initialBalance: number };

/** State of the page and the function that spends credits; `attempts` is newest first. */
export function useSpending({ userId, language, initialBalance }: SpendingOptions) {
  const jifen = useMemo(() => createJifenClient({ url: "/api/jifen", language }), [language]);
  const [balance, setBalance] = useState(initialBalance);
  const [attempts, setAttempts] = useState<readonly Attempt[]>([]);
  const [isPending, setIsPending] = useState(false);

  async function spendOn(offer: Offer): Promise<void> {
    setIsPending(true);
    try {
      const spending = await spend(jifen, offer);
      if (spending.kind !== "refused") setBalance(spending.balance);
      const id = attempts.length;
      setAttempts((previous) => [{ id, offer, spending }, ...previous]);
      setIsPending(false);
      const logged = await writeLog(jifen, { userId, offer, spending });
      setAttempts((previous) => previous.map((each) => (each.id === id ? { ...each, logged } : each)));
    } finally {
      setIsPending(false);
    }
  }

  return { balance, attempts, isPending, spendOn };
}
