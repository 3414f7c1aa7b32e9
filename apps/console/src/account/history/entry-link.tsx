import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** Leads from an entry to its explanation. */
export const entryLink = ({ transactionId }: { readonly transactionId: string }, text: ReactNode) => (
  <Link to="/account/history/$transactionId" params={{ transactionId }}>
    {text}
  </Link>
);
