import { ledgerWords } from "../../ledger/words.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { formatChange, formatNumber, formatTime } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { formatMonth } from "../months.ts";
import { useDays } from "../use-days.ts";
import { type Statement, statementLines } from "./statement-lines.ts";
import { statementsWords } from "./words.ts";

/** A statement as on paper: of whom, of when, and from the opening to the closing balance. */
export function StatementView({ statement }: { readonly statement: Statement }) {
  const words = statementsWords.useWords();
  const ledger = ledgerWords.useWords();
  const { nameOf } = useDays();
  const { month, userId, from, to, tz, final, asOf } = statement;
  return (
    <section aria-labelledby="statement" className="grid gap-3">
      <div>
        <h2 id="statement" className="text-lg font-semibold">
          {formatMonth(month)}
        </h2>
        <p>{words.of(userId)}</p>
        <p className="text-muted">{words.range(nameOf(from), nameOf(to), tz)}</p>
      </div>
      {!final && <Notice kind="plain">{words.running(formatTime(asOf))}</Notice>}
      <DataTable
        caption={words.title}
        rows={statementLines(statement, { words, ledger })}
        rowKey={({ item }) => item}
        columns={[
          {
            title: words.item,
            cell: ({ item, detail, isBalance }) => (
              <>
                <span className={isBalance ? "font-semibold" : ""}>{item}</span>
                {detail !== undefined && <span className="block text-muted">{detail}</span>}
              </>
            ),
          },
          {
            title: words.count,
            isNumber: true,
            cell: ({ count }) => (count === undefined ? "" : formatNumber(count)),
          },
          {
            title: words.credits,
            isNumber: true,
            cell: ({ credits, isBalance }) =>
              isBalance ? <strong className="font-semibold">{formatNumber(credits)}</strong> : formatChange(credits),
          },
        ]}
      />
    </section>
  );
}
