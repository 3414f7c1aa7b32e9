import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { Credits, Time } from "../ui/figures.tsx";
import { formatNumber } from "../ui/format.ts";
import { Share } from "../ui/share.tsx";
import type { Grant } from "./types.ts";
import type { ledgerWords } from "./words.ts";

/** The columns of a list of grants. */
export const grantColumns = (words: ReturnType<typeof ledgerWords.useWords>): readonly Column<Grant>[] => [
  { title: words.time, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: words.source, cell: ({ source }) => words.sources[source] },
  { title: words.amount, isNumber: true, cell: ({ amount }) => <Credits value={amount} /> },
  {
    title: words.remaining,
    isNumber: true,
    cell: ({ remaining, amount }) => (
      <>
        <Credits value={remaining} />
        <Share part={remaining} whole={amount} label={words.ofGrant(formatNumber(remaining), formatNumber(amount))} />
      </>
    ),
  },
  {
    title: words.expires,
    cell: ({ expired, expiresAt }) =>
      expired ? <Badge>{words.expired}</Badge> : expiresAt === null ? words.never : <Time at={expiresAt} />,
  },
];
