import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { Button } from "../../ui/button.tsx";
import { DateRange } from "../../ui/date-range.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { dayFields, setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { ExportLogs } from "./export-logs.tsx";
import { logColumns } from "./log-columns.tsx";
import { logSearchOf, toLogFilter } from "./log-filter.ts";
import { logsWords } from "./words.ts";

const route = getRouteApi("/console/logs");
const TAIL_MS = 3_000;

/** The calls of all users, newest first. */
export function LogsPage() {
  const words = logsWords.useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isTailing, setTailing] = useState(false);
  const filter = toLogFilter(search);
  const logs = usePages({
    key: ["adminLogs.list", filter],
    read: (cursor) => jifen.adminLogs.list.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
    ...(isTailing && { refreshMs: TAIL_MS }),
  });
  const filters = setFilters(
    {
      [words.text]: search.q,
      [words.user]: search.user,
      [words.action]: search.action,
      [words.result]: search.result && words[search.result],
      ...dayFields(words, search),
    },
    () => void navigate({ search: {}, replace: true }),
  );
  return (
    <Page
      title={words.title}
      actions={
        <>
          <Button aria-pressed={isTailing} onClick={() => setTailing(!isTailing)}>
            {isTailing ? words.tailing : words.tail}
          </Button>
          <ExportLogs filter={filter} />
        </>
      }
    >
      <Filters
        isSet={filters !== undefined}
        label={words.filters}
        onChange={(values) => void navigate({ search: logSearchOf(values), replace: true })}
      >
        <SearchField name="q" label={words.text} defaultValue={search.q} />
        <TextField name="user" label={words.user} defaultValue={search.user} />
        <TextField name="action" label={words.action} defaultValue={search.action} />
        <SelectField name="result" label={words.result} defaultValue={search.result ?? ""}>
          <option value="">{words.everyResult}</option>
          <option value="success">{words.success}</option>
          <option value="failure">{words.failure}</option>
        </SelectField>
        <DateRange labels={words} from={search.from} to={search.to} />
      </Filters>
      <List
        pages={logs}
        caption={words.table}
        rowKey={({ logId }) => logId}
        columns={logColumns(words, true)}
        empty={words.empty}
        filters={filters}
      />
    </Page>
  );
}
