import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { SelectField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { ordersWords } from "../orders/words.ts";
import { ReviewAct } from "./acts/review-act.tsx";
import { reviewColumns } from "./review-columns.tsx";
import { reviewSearch } from "./review-search.ts";
import { type Review, reviewId, reviewKinds, type Verb } from "./types.ts";
import { reviewsWords } from "./words.ts";

const route = getRouteApi("/console/reviews");

/** What needs a decision by a person: payments that differ, strays, stuck refunds; the oldest first. */
export function ReviewsPage() {
  const words = reviewsWords.useWords();
  const orders = ordersWords.useWords();
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<{ readonly review: Review; readonly verb: Verb }>();
  const filter = { ...(kind !== undefined && { kind }) };
  const filters = setFilters(
    { [words.kind]: kind && words.kinds[kind] },
    () => void navigate({ search: {}, replace: true }),
  );
  const reviews = usePages({
    key: ["adminReviews.list", filter],
    read: (cursor) => jifen.adminReviews.list.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <Page title={words.title}>
      <Filters
        isSet={filters !== undefined}
        label={words.filters}
        onChange={(values) => void navigate({ search: reviewSearch(Object.fromEntries(values)), replace: true })}
      >
        <SelectField name="kind" label={words.kind} defaultValue={kind ?? ""}>
          <option value="">{words.everyKind}</option>
          {reviewKinds.map((each) => (
            <option key={each} value={each}>
              {words.kinds[each]}
            </option>
          ))}
        </SelectField>
      </Filters>
      <List
        pages={reviews}
        caption={words.table}
        rowKey={reviewId}
        columns={reviewColumns({ words, orders }, (review, verb) => setOpen({ review, verb }))}
        empty={words.empty}
        filters={filters}
      />
      {open && <ReviewAct {...open} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}
