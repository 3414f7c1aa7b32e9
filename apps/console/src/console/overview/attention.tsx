import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { toJifenError } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { type Found, readAttention } from "./read-attention.ts";
import { overviewWords } from "./words.ts";

const REFRESH_MS = 60_000;

/** What waits for a person, each with the page that says more. */
export function Attention() {
  const words = overviewWords.useWords();
  const { role } = useSession().session;
  const query = useQuery({
    queryKey: ["attention", role],
    queryFn: () => readAttention(role),
    refetchInterval: REFRESH_MS,
  });
  const error = toJifenError(query.error);
  const { data } = query;
  const items = data && itemsOf(data, words);
  return (
    <section className="grid content-start gap-2">
      <h2 className="font-semibold">{words.attention}</h2>
      {error && <ErrorNotice error={error} onRetry={() => void query.refetch()} />}
      {items?.length === 0 && <p className="text-muted">{words.nothing}</p>}
      {items && items.length > 0 && (
        <ul className="grid gap-1">
          {items.map(({ key, link }) => (
            <li key={key} className="wrap-anywhere">
              {link}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

type Item = { readonly key: string; readonly link: ReactNode };

function itemsOf(found: Found, words: ReturnType<typeof overviewWords.useWords>): readonly Item[] {
  const one = (key: string, isThere: boolean, link: ReactNode): readonly Item[] => (isThere ? [{ key, link }] : []);
  return [
    ...one("reviews", found.hasReviews, <Link to="/console/reviews">{words.reviews}</Link>),
    ...one(
      "orders",
      found.hasPaidOrders,
      <Link to="/console/orders" search={{ state: "paid" }}>
        {words.paidOrders}
      </Link>,
    ),
    ...one(
      "holds",
      found.hasOldHolds,
      <Link to="/console/holds" search={{ older: "day" }}>
        {words.oldHolds}
      </Link>,
    ),
    ...one(
      "audit",
      found.hasDifferences,
      <Link to="/console/system" hash="audits">
        {words.differences}
      </Link>,
    ),
    ...found.endpoints.map(({ endpointId, url, state }) => ({
      key: endpointId,
      link: (
        <Link to="/console/webhooks/$endpointId" params={{ endpointId }}>
          {state === "paused" ? words.pausedWebhook(url) : words.failingWebhook(url)}
        </Link>
      ),
    })),
  ];
}
