import type { JifenOutputs } from "@jifen/client";
import { formatNumber, formatShare, formatSignedShare } from "../../ui/format.ts";
import { overviewWords } from "./words.ts";

/** The numbers of a time and of the time before. */
export type Overview = JifenOutputs["stats"]["overview"];

type Numbers = Pick<Overview, "spent" | "granted" | "activeAccounts" | "calls" | "failures">;

const grantedIn = ({ granted }: Numbers) => granted.reduce((sum, { amount }) => sum + amount, 0);
const failureShare = ({ calls, failures }: Numbers) => (calls === 0 ? 0 : failures / calls);

/** The four numbers that say how it is going, each beside the time before. */
export function Tiles({ overview }: { readonly overview: Overview | undefined }) {
  const words = overviewWords.useWords();
  const tiles = [
    { title: words.spent, value: ({ spent }: Numbers) => spent, format: formatNumber },
    { title: words.granted, value: grantedIn, format: formatNumber },
    { title: words.active, value: ({ activeAccounts }: Numbers) => activeAccounts, format: formatNumber },
    { title: words.failures, value: failureShare, format: formatShare },
  ];
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-md border border-line bg-card lg:grid-cols-4">
      {tiles.map(({ title, value, format }) => (
        <div key={title} className="-mb-px -ml-px border-b border-l border-line px-4 py-3">
          <dt className="text-muted">{title}</dt>
          <dd className="min-h-8 text-2xl font-semibold">{overview && format(value(overview))}</dd>
          <dd className="min-h-5 text-muted">
            {overview &&
              (format === formatShare
                ? words.beforeShare(formatShare(value(overview.previous)))
                : compared(value(overview), value(overview.previous), words))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const compared = (now: number, before: number, words: ReturnType<typeof overviewWords.useWords>) =>
  before === 0 ? words.noBefore : words.before(formatSignedShare(now / before - 1));
