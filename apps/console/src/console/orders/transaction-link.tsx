import { Link } from "@tanstack/react-router";
import { CopyId } from "../../ui/copy-id.tsx";

/** The id of a transaction, which leads to its explanation. */
export const TransactionLink = ({ transactionId }: { readonly transactionId: string }) => (
  <CopyId id={transactionId}>
    <Link to="/console/transactions/$transactionId" params={{ transactionId }}>
      {transactionId}
    </Link>
  </CopyId>
);
