import { Badge } from "../../ui/badge.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Actor } from "../actor.tsx";
import { eventName, reasonText, sourceName } from "./named.ts";
import type { OrderEvent, OrderFile } from "./types.ts";
import { ordersWords } from "./words.ts";

/** What happened to an order, one event after the other, with what each has brought. */
export const OrderEvents = ({ order: { events, payments } }: { readonly order: OrderFile }) => (
  <ol className="grid">
    {events.map((event) => (
      <li key={event.number} className="relative grid gap-0.5 border-l border-line pb-4 pl-5 last:pb-0">
        <span aria-hidden className="absolute top-1.5 -left-1 size-2 rounded-full bg-line-strong" />
        <Event event={event} isNamed={payments.length > 1} />
      </li>
    ))}
  </ol>
);

/** `isNamed`: whether the payment has to be named, because the order has several. */
type EventProps = { readonly event: OrderEvent; readonly isNamed: boolean };

function Event({ event: { at, what, source, reference, details, repeats }, isNamed }: EventProps) {
  const words = ordersWords.useWords();
  const { by, reason, why, refusal } = details ?? {};
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{eventName(words, what)}</span>
        <Badge>{sourceName(words, source)}</Badge>
        <span className="text-muted">
          <Time at={at} />
          {/* The server counts a payment that is reported again at each of its events. */}
          {repeats > 0 && what.startsWith("payment ") && ` · ${words.repeats(formatNumber(repeats))}`}
        </span>
      </p>
      {typeof by === "string" && (
        <p>
          {words.by}: <Actor actor={by} />
        </p>
      )}
      {[reason, why, refusal].map(
        (text) =>
          typeof text === "string" && (
            <p key={text}>
              {words.reason}: {reasonText(words, text)}
            </p>
          ),
      )}
      {isNamed && reference !== null && (
        <p className="text-muted">
          <CopyId id={reference} />
        </p>
      )}
    </>
  );
}
