import { Link } from "@tanstack/react-router";
import { Badge } from "../../../ui/badge.tsx";
import { DataTable } from "../../../ui/data-table.tsx";
import { Credits } from "../../../ui/figures.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { Notice } from "../../../ui/notice.tsx";
import { AgainOrClose } from "./again-or-close.tsx";
import { type Batch, isOpen } from "./batch.ts";
import { giveManyWords } from "./words.ts";

type Result = Batch["answer"]["results"][number];

type ResultsProps = {
  readonly batch: Batch;
  /** Sends the same request again. */
  readonly onAgain: () => Promise<void>;
  readonly onClose: () => void;
};

/** What became of each user: first those for whom it is not known, then those who got nothing. */
export function Results({ batch, onAgain, onClose }: ResultsProps) {
  const words = giveManyWords.useWords();
  const { results, granted, replayed, refused } = batch.answer;
  const open = results.filter((result) => isOpen(result, batch)).length;
  const rank = (result: Result) => ("transactionId" in result ? 2 : isOpen(result, batch) ? 0 : 1);
  return (
    <div className="grid gap-3">
      <Notice kind={refused === 0 ? "good" : "warn"}>
        {words.summary(formatNumber(granted), formatNumber(replayed), formatNumber(refused - open))}
        {open > 0 && words.summaryOpen(formatNumber(open))}
      </Notice>
      <AgainOrClose hasRefused={refused > 0} hasOpen={open > 0} onAgain={onAgain} onClose={onClose} />
      <DataTable
        caption={words.results}
        rows={results.toSorted((one, other) => rank(one) - rank(other))}
        rowKey={({ userId }) => userId}
        columns={[
          {
            title: words.user,
            cell: ({ userId }) => (
              <Link to="/console/users/$userId" params={{ userId }} className="block min-w-32 wrap-anywhere">
                {userId}
              </Link>
            ),
          },
          { title: words.credits, isNumber: true, cell: ({ amount }) => <Credits value={amount} /> },
          { title: words.result, cell: (result) => <Outcome result={result} batch={batch} /> },
        ]}
      />
    </div>
  );
}

function Outcome({ result, batch }: { readonly result: Result; readonly batch: Batch }) {
  const words = giveManyWords.useWords();
  if (!("transactionId" in result)) {
    const isNotKnown = isOpen(result, batch);
    return (
      <>
        <Badge kind={isNotKnown ? "warn" : "bad"}>{isNotKnown ? words.notKnown : words.refused}</Badge>{" "}
        {/* The message is of the answer before, and may not be true any more. */}
        {!batch.isOutdated && result.message}
      </>
    );
  }
  return (
    <>
      <Badge kind={result.replayed ? "plain" : "good"}>{result.replayed ? words.replayed : words.granted}</Badge>{" "}
      <Link to="/console/transactions/$transactionId" params={{ transactionId: result.transactionId }}>
        {words.entry}
      </Link>
    </>
  );
}
