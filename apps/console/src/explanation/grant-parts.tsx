import type { JifenOutputs } from "@jifen/client";
import { ledgerWords } from "../ledger/words.ts";
import { DataTable } from "../ui/data-table.tsx";
import { Credits, Time } from "../ui/figures.tsx";
import { formatNumber } from "../ui/format.ts";
import { Share } from "../ui/share.tsx";

type Part = JifenOutputs["transactions"]["find"]["grants"][number];

/** How much of a transaction belongs to which grant. */
export function GrantParts({ parts }: { readonly parts: readonly Part[] }) {
  const words = ledgerWords.useWords();
  const total = parts.reduce((sum, { amount }) => sum + amount, 0);
  return (
    <div className="min-w-0 max-w-xl wrap-break-word">
      <DataTable
        caption={words.grants}
        rows={parts}
        rowKey={({ grantId }) => grantId}
        columns={[
          {
            title: words.source,
            cell: ({ source }) => <span className="whitespace-nowrap">{words.sources[source]}</span>,
          },
          {
            title: words.amount,
            isNumber: true,
            cell: ({ amount }) => (
              <>
                <Credits value={amount} />
                <Share part={amount} whole={total} label={words.partOf(formatNumber(amount), formatNumber(total))} />
              </>
            ),
          },
          {
            title: words.expires,
            cell: ({ expiresAt }) => (expiresAt === null ? words.never : <Time at={expiresAt} form="short" />),
          },
        ]}
      />
    </div>
  );
}
