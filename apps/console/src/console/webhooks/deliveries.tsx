import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { List } from "../../ui/list.tsx";
import { usePages } from "../../use-pages.ts";
import { UserLink } from "../orders/user-link.tsx";
import { ReplayOne } from "./acts/replay-one.tsx";
import type { Delivery } from "./types.ts";
import { webhooksWords } from "./words.ts";

const REFRESH_MS = 15_000;
const kinds = { pending: "warn", delivered: "good", failed: "bad" } as const;

/** What an endpoint was sent, newest event first. */
export function Deliveries({ endpointId }: { readonly endpointId: string }) {
  const words = webhooksWords.useWords();
  const [replaying, setReplaying] = useState<string>();
  const deliveries = usePages({
    key: ["webhooks.deliveries", endpointId],
    read: (cursor) =>
      jifen.webhooks.deliveries.query({ endpointId, limit: 50, ...(cursor !== undefined && { cursor }) }),
    refreshMs: REFRESH_MS,
  });
  return (
    <>
      <List
        pages={deliveries}
        caption={words.deliveries}
        rowKey={({ deliveryId }) => deliveryId}
        columns={deliveryColumns(words, setReplaying)}
        empty={words.noDeliveries}
      />
      {replaying !== undefined && <ReplayOne deliveryId={replaying} onClose={() => setReplaying(undefined)} />}
    </>
  );
}

type Texts = ReturnType<typeof webhooksWords.useWords>;

function deliveryColumns(words: Texts, replay: (deliveryId: string) => void): readonly Column<Delivery>[] {
  const act = ({ deliveryId }: Delivery) => (
    <Button className="whitespace-nowrap" onClick={() => replay(deliveryId)}>
      {words.replayOne}
    </Button>
  );
  const answer = ({ lastStatus, lastError }: Delivery) =>
    [...(lastStatus === null ? [] : [String(lastStatus)]), ...(lastError === null ? [] : [lastError])].join(" · ") ||
    words.noAnswer;
  const next = ({ nextAt }: Delivery) => (nextAt === null ? "–" : <Time at={nextAt} />);
  return [
    { title: words.last, isWide: true, cell: ({ lastAt }) => (lastAt === null ? "–" : <Time at={lastAt} />) },
    {
      title: words.event,
      cell: (delivery) => (
        <>
          <UserLink userId={delivery.userId} />
          <span className="hidden text-muted md:block">
            <CopyId id={delivery.eventId} />
          </span>
          <span className="block text-muted md:hidden">
            {answer(delivery)}
            {delivery.lastAt !== null && (
              <>
                {" "}
                · <Time at={delivery.lastAt} />
              </>
            )}
          </span>
          <span className="mt-1 block md:hidden">{act(delivery)}</span>
        </>
      ),
    },
    {
      title: words.state,
      cell: ({ state }) => <Badge kind={kinds[state]}>{words.deliveryStates[state]}</Badge>,
    },
    { title: words.tries, isNumber: true, cell: ({ tries }) => formatNumber(tries) },
    { title: words.answer, isWide: true, cell: answer },
    { title: words.next, isWide: true, cell: next },
    { title: words.acts, isWide: true, cell: act },
  ];
}
