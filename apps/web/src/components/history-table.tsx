"use client";

import type { Language } from "@jifen/client";
import Link from "next/link";
import { nameOf } from "../lib/generate-words.ts";
import { orderWordsOf } from "../lib/order-words.ts";
import { UsageTable } from "./jifen/usage-table";

/** The journal. A purchase links to its order, which its reason names. */
export function HistoryTable({ language, limit }: { readonly language: Language; readonly limit?: number }) {
  const actionName = (action: string) => {
    const orderId = /^order:([0-9a-f]{32})$/.exec(action)?.[1];
    if (orderId === undefined) return nameOf(action, language);
    return (
      <Link href={`/orders/${orderId}`} className="underline underline-offset-4">
        {orderWordsOf(language).title}
      </Link>
    );
  };
  return <UsageTable filter={{ limit: limit ?? 20 }} actionName={actionName} />;
}
