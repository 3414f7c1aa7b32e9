import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { toJifenError } from "../../jifen.ts";
import { Button } from "../../ui/button.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { CreateEndpoint } from "./acts/create-endpoint.tsx";
import { EndpointState } from "./endpoint-state.tsx";
import { type Endpoint, eventTypes } from "./types.ts";
import { useEndpoints } from "./use-endpoints.ts";
import { webhooksWords } from "./words.ts";

/** The endpoints of the person, and whether events reach them. */
export function WebhooksPage() {
  const words = webhooksWords.useWords();
  const [isCreating, setCreating] = useState(false);
  const query = useEndpoints();
  const pages = {
    items: query.data?.items ?? [],
    isLoading: query.isPending,
    isLoadingMore: false,
    error: toJifenError(query.error),
    more: undefined,
    refresh: () => void query.refetch(),
  };
  const columns: readonly Column<Endpoint>[] = [
    {
      title: words.url,
      cell: ({ url, endpointId, allUsers, createdAt }) => (
        <>
          <Link to="/console/webhooks/$endpointId" params={{ endpointId }}>
            {url}
          </Link>
          <span className="block text-muted">{allUsers ? words.allUsers : words.ownEvents}</span>
          <span className="block text-muted md:hidden">
            <Time at={createdAt} />
          </span>
        </>
      ),
    },
    {
      title: words.events,
      isWide: true,
      cell: ({ events }) => (
        <span title={events.join(", ")}>
          {events.length === eventTypes.length ? words.allEvents : words.someEvents(formatNumber(events.length))}
        </span>
      ),
    },
    { title: words.state, cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
    {
      title: words.failingSince,
      isWide: true,
      cell: ({ failingSince }) => (failingSince === null ? "–" : <Time at={failingSince} />),
    },
    { title: words.createdAt, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
  return (
    <Page
      title={words.title}
      actions={
        <Button look="primary" onClick={() => setCreating(true)}>
          {words.create}
        </Button>
      }
    >
      <p className="text-muted">{words.what}</p>
      <List {...{ pages, columns }} caption={words.table} rowKey={({ endpointId }) => endpointId} empty={words.empty} />
      {isCreating && <CreateEndpoint onClose={() => setCreating(false)} />}
    </Page>
  );
}
