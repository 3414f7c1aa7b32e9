import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { systemWords } from "./words.ts";

/** The page that does what the command of a finding does; nothing where only the command does it. */
export function FindingLink({ about }: { readonly about: string }) {
  const words = systemWords.useWords();
  const links: Readonly<Record<string, ReactNode>> = {
    orders: (
      <Link to="/console/orders" search={{ state: "paid" }}>
        {words.toOrders}
      </Link>
    ),
    reviews: <Link to="/console/reviews">{words.toReviews}</Link>,
    ledger: (
      <Link to="/console/system" hash="audits">
        {words.startAudit}
      </Link>
    ),
  };
  return links[about] ?? null;
}
