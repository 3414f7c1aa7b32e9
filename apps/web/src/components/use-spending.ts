import { createJifenClient, type Language } from "@jifen/client";
import { useMemo, useState } from "react";
import type { Offer } from "../lib/offers.ts";
import { type Spending, spend, writeLog } from "../lib/spending.ts";

/** One thing tried on this page. `logged` is undefined while the log is being written. */
export type Tried = {
  readonly id: number;
  readonly offer: Offer;
  readonly spending: Spending;
  readonly logged?: boolean | undefined;
};

type Start = { readonly userId: string; readonly language: Language; readonly initialBalance: number };

/** Spends credits from the page; `tried` is newest first. */
export function useSpending({ userId, language, initialBalance }: Start) {
  const jifen = useMemo(() => createJifenClient({ url: "/api/jifen", language }), [language]);
  const [balance, setBalance] = useState(initialBalance);
  const [tried, setTried] = useState<readonly Tried[]>([]);
  const [isPending, setIsPending] = useState(false);

  async function spendOn(offer: Offer): Promise<void> {
    setIsPending(true);
    try {
      const spending = await spend(jifen, offer);
      if (spending.kind !== "refused") setBalance(spending.balance);
      const id = tried.length;
      setTried((before) => [{ id, offer, spending }, ...before]);
      setIsPending(false);
      const logged = await writeLog(jifen, { userId, offer, spending });
      setTried((before) => before.map((each) => (each.id === id ? { ...each, logged } : each)));
    } finally {
      setIsPending(false);
    }
  }

  return { balance, tried, isPending, spendOn };
}
