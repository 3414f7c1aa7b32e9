/** What was spent in one day or month. */
export type Spent = { readonly at: string; readonly credits: number };

const PERCENT = 100;

type BarsProps = {
  readonly spent: readonly Spent[];
  /** The texts below the first and the last bar. */
  readonly ends: readonly [string, string];
};

/** Bars of what was spent. They show the course; the numbers stand in a sentence and in a table. */
export function Bars({ spent, ends: [first, last] }: BarsProps) {
  const most = Math.max(...spent.map(({ credits }) => credits), 1);
  return (
    <div aria-hidden>
      <div className="flex h-24 items-end gap-px border-b border-line-strong">
        {spent.map(({ at, credits }) => (
          <span
            key={at}
            className="min-w-0 flex-1 rounded-t-sm bg-muted forced-colors:bg-[CanvasText]"
            style={{ height: `${(credits / most) * PERCENT}%`, minHeight: credits > 0 ? 2 : 0 }}
          />
        ))}
      </div>
      <div className="flex min-h-6 justify-between gap-4 text-sm text-muted">
        <span>{first}</span>
        <span>{last}</span>
      </div>
    </div>
  );
}

/** The day or month with most, the earliest of several; undefined when nothing was spent. */
export const mostOf = (spent: readonly Spent[]): Spent | undefined =>
  spent.reduce<Spent | undefined>((most, each) => (each.credits > (most?.credits ?? 0) ? each : most), undefined);

/** All of it together. */
export const totalOf = (spent: readonly Spent[]): number => spent.reduce((sum, { credits }) => sum + credits, 0);
