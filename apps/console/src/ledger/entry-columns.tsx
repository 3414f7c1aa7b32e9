import type { ReactNode } from "react";
import type { Column } from "../ui/data-table.tsx";
import { Change, Credits, Time } from "../ui/figures.tsx";
import { formatNumber } from "../ui/format.ts";
import type { Entry } from "./types.ts";
import type { ledgerWords } from "./words.ts";

type Texts = ReturnType<typeof ledgerWords.useWords>;

/** The columns of a list of entries. `link` leads from an entry to its explanation. */
export const entryColumns = <Row extends Entry>(
  words: Texts,
  link: (entry: Row, text: ReactNode) => ReactNode,
): readonly Column<Row>[] => [
  { title: words.time, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: words.kind, isWide: true, cell: ({ kind }) => words.kinds[kind] },
  {
    title: words.what,
    cell: (entry) => (
      <>
        <span className="wrap-anywhere">{link(entry, entry.action || words.kinds[entry.kind])}</span>
        <span className="block text-muted md:hidden">
          {words.kinds[entry.kind]} · <Time at={entry.createdAt} form="short" />
        </span>
      </>
    ),
  },
  {
    title: words.change,
    isNumber: true,
    cell: ({ change, kind, amount, balanceAfter }) => (
      <>
        {change === 0 && kind !== "extend" ? (
          <span className="text-muted">{words.fromHold(formatNumber(amount))}</span>
        ) : (
          <Change value={change} />
        )}
        <span className="block text-muted md:hidden">{words.balanceOf(formatNumber(balanceAfter))}</span>
      </>
    ),
  },
  {
    title: words.balanceAfter,
    isNumber: true,
    isWide: true,
    cell: ({ balanceAfter }) => <Credits value={balanceAfter} />,
  },
  { title: words.heldAfter, isNumber: true, isWide: true, cell: ({ heldAfter }) => <Credits value={heldAfter} /> },
];
