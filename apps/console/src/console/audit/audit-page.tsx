import { getRouteApi } from "@tanstack/react-router";
import { toTimes } from "../../day-range.ts";
import { jifen } from "../../jifen.ts";
import { DateRange } from "../../ui/date-range.tsx";
import { TextField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { dayFields, setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { auditColumns } from "./audit-columns.tsx";
import { auditSearch } from "./audit-search.ts";
import { auditWords } from "./words.ts";

const route = getRouteApi("/console/audit");

/** Who did what to what, newest first. */
export function AuditPage() {
  const words = auditWords.useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to, ...texts } = search;
  const filter = { ...texts, ...toTimes({ from, to }) };
  const events = usePages({
    key: ["auditLog.list", filter],
    read: (cursor) => jifen.auditLog.list.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  const filters = setFilters(
    {
      [words.actor]: search.actor,
      [words.action]: search.action,
      [words.subject]: search.subject,
      ...dayFields(words, search),
    },
    () => void navigate({ search: {}, replace: true }),
  );
  return (
    <Page title={words.title}>
      <Filters
        isSet={filters !== undefined}
        label={words.filters}
        onChange={(values) => void navigate({ search: auditSearch(Object.fromEntries(values)), replace: true })}
      >
        <TextField
          name="actor"
          label={words.actor}
          placeholder={words.actorHint}
          defaultValue={search.actor}
          data-search
        />
        <TextField name="action" label={words.action} placeholder={words.actionHint} defaultValue={search.action} />
        <TextField name="subject" label={words.subject} placeholder={words.subjectHint} defaultValue={search.subject} />
        <DateRange labels={words} {...{ from, to }} />
      </Filters>
      <List
        pages={events}
        caption={words.table}
        rowKey={({ eventId }) => eventId}
        columns={auditColumns(words)}
        empty={words.empty}
        filters={filters}
      />
    </Page>
  );
}
