import { getRouteApi } from "@tanstack/react-router";
import { toJifenError } from "../../jifen.ts";
import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";
import { EndpointActs } from "./acts/endpoint-acts.tsx";
import { Deliveries } from "./deliveries.tsx";
import { EndpointState } from "./endpoint-state.tsx";
import type { Endpoint } from "./types.ts";
import { useEndpoints } from "./use-endpoints.ts";
import { webhooksWords } from "./words.ts";

const route = getRouteApi("/console/webhooks/$endpointId");

/** One endpoint: whether it works, what it was sent, and what it answered. */
export function EndpointPage() {
  const words = webhooksWords.useWords();
  const { endpointId } = route.useParams();
  const query = useEndpoints();
  const error = toJifenError(query.error);
  const endpoint = query.data?.items.find((each) => each.endpointId === endpointId);
  return (
    <Page title={endpoint?.url ?? words.title} actions={endpoint && <EndpointActs endpoint={endpoint} />}>
      {error && <ErrorNotice error={error} onRetry={() => void query.refetch()} />}
      {query.data && !endpoint && <Notice kind="warn">{words.notFound}</Notice>}
      {endpoint && (
        <>
          {endpoint.state === "paused" && <Notice kind="bad">{words.pausedText}</Notice>}
          {endpoint.state === "active" && endpoint.failingSince !== null && (
            <Notice kind="warn">{words.failingText}</Notice>
          )}
          <EndpointFacts endpoint={endpoint} />
          <Section title={words.deliveries}>
            <Deliveries endpointId={endpointId} />
          </Section>
        </>
      )}
    </Page>
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: Endpoint }) {
  const words = webhooksWords.useWords();
  const { endpointId, events, allUsers, failingSince, nextProbeAt, previousUntil, createdAt } = endpoint;
  const time = (term: string, at: string | null) => (at === null ? [] : [{ term, value: <Time at={at} /> }]);
  return (
    <Facts
      facts={[
        { term: words.state, value: <EndpointState endpoint={endpoint} /> },
        ...time(words.failingSince, failingSince),
        ...time(words.nextProbe, nextProbeAt),
        { term: words.user, value: allUsers ? words.allUsers : words.ownEvents },
        ...time(words.formerSecret, previousUntil),
        ...time(words.createdAt, createdAt),
        { term: "ID", value: <CopyId id={endpointId} /> },
        {
          term: words.events,
          value: (
            <ul>
              {events.map((type) => (
                <li key={type}>
                  {words.eventNames[type] ?? type} <code className="font-normal text-muted">{type}</code>
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  );
}
