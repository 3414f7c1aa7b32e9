import type { ReactNode } from "react";
import type { Pages } from "../use-pages.ts";
import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { ErrorNotice } from "./notice.tsx";
import type { SetFilters } from "./set-filters.ts";

const PLACEHOLDERS = 8;

type ListProps<Item> = {
  readonly pages: Pages<Item>;
  readonly caption: string;
  readonly columns: readonly Column<Item>[];
  readonly rowKey: (item: Item) => string;
  /** The key of the row that the reader asked for, which is marked. */
  readonly markedKey?: string | undefined;
  /** What belongs here, and what fills it. */
  readonly empty: ReactNode;
  /** The filters that are set; undefined when none is. */
  readonly filters?: SetFilters | undefined;
};

/** A list in all its states: loading, empty, filtered to nothing, failed (rows that are there stay), and more to read. */
export function List<Item>({ pages, caption, columns, rowKey, markedKey, empty, filters }: ListProps<Item>) {
  const words = uiWords.useWords();
  const { items, isLoading, isLoadingMore, error, more } = pages;
  const isEmpty = items.length === 0 && !isLoading && !error && !more;
  return (
    <div className="grid min-w-0 gap-3" aria-busy={isLoading || isLoadingMore}>
      {error && <ErrorNotice error={error} onRetry={pages.refresh} />}
      {isEmpty ? (
        <div className="rounded-md border border-dashed border-line px-4 py-8 text-center text-muted">
          {filters ? <FilteredToNothing filters={filters} /> : empty}
        </div>
      ) : (
        (isLoading || items.length > 0) && (
          <DataTable
            {...{ caption, columns, rowKey, markedKey }}
            rows={items}
            placeholders={isLoading ? PLACEHOLDERS : isLoadingMore ? 2 : 0}
          />
        )
      )}
      {more && (
        <div>
          <Button onClick={more} isBusy={isLoadingMore}>
            {words.more}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Nothing matches: which filters hide everything, and the way to clear them. */
function FilteredToNothing({ filters: { items, clear } }: { readonly filters: SetFilters }) {
  const words = uiWords.useWords();
  return (
    <div className="grid justify-items-center gap-3">
      <p>{words.nothingFound}</p>
      <ul>
        {items.map(({ name, value }) => (
          <li key={name} className="wrap-anywhere">
            {words.filter(name, value)}
          </li>
        ))}
      </ul>
      <Button onClick={clear}>{words.clearFilters}</Button>
    </div>
  );
}
