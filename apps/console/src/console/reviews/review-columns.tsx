import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Credits, Time } from "../../ui/figures.tsx";
import { Money, moneyOf } from "../orders/money.tsx";
import { channelName } from "../orders/named.ts";
import { OrderLink } from "../orders/order-link.tsx";
import { UserLink } from "../orders/user-link.tsx";
import type { Review, Verb } from "./types.ts";
import { whyOf } from "./why-of.ts";
import type { ReviewTexts } from "./words.ts";

type Start = (review: Review, verb: Verb) => void;

/** The columns of the review list. `start` opens the dialog of an act. */
export function reviewColumns(texts: ReviewTexts, start: Start): readonly Column<Review>[] {
  const { words } = texts;
  const acts = (review: Review) => (
    <span className="flex flex-wrap gap-1.5">
      {review.can.map((verb) => (
        <Button key={verb} className="whitespace-nowrap" onClick={() => start(review, verb)}>
          {words.verbs[verb]}
        </Button>
      ))}
    </span>
  );
  return [
    { title: words.since, isWide: true, cell: ({ since }) => <Time at={since} /> },
    {
      title: words.what,
      cell: (review) => (
        <span className="grid gap-1">
          <What review={review} texts={texts} />
          <span className="text-muted md:hidden">
            <Time at={review.since} />
          </span>
          <span className="md:hidden">{acts(review)}</span>
        </span>
      ),
    },
    { title: words.amount, isNumber: true, cell: ({ what }) => <Money amount={what.amount} /> },
    { title: words.credits, isNumber: true, isWide: true, cell: ({ what }) => <Credits value={what.credits} /> },
    { title: words.acts, isWide: true, cell: acts },
  ];
}

/** What came, why it is here, and what was expected. */
function What({ review, texts }: { readonly review: Review; readonly texts: ReviewTexts }) {
  const { words, orders } = texts;
  const { kind, what, expected, userId, orderId } = review;
  return (
    <>
      <span className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Badge kind={kind === "shortfall" ? "warn" : "bad"}>{words.kinds[kind]}</Badge>
        <span className="font-medium">{whyOf(review, texts)}</span>
        {!what.live && <Badge>{words.testMoney}</Badge>}
      </span>
      <span className="text-muted">
        {words.came(channelName(orders, what.channel), what.merchant)}
        {expected && ` · ${expectedText(review, expected, texts)}`}
      </span>
      <span className="flex flex-wrap gap-x-3 break-all">
        {userId !== null && <UserLink userId={userId} />}
        {orderId !== null && (kind === "stray" ? <CopyId id={orderId} /> : <OrderLink orderId={orderId} />)}
      </span>
      {what.providerId !== null && (
        <span className="break-all text-muted">
          {orders.provider} <CopyId id={what.providerId} />
        </span>
      )}
    </>
  );
}

/** What the order expects: its channel and merchant only where they differ. */
function expectedText({ what }: Review, expected: NonNullable<Review["expected"]>, { words, orders }: ReviewTexts) {
  const { channel, merchant } = expected;
  const amount = moneyOf(expected.amount);
  if (channel === what.channel && merchant === what.merchant) return words.expectedAmount(amount);
  return words.expected(amount, channelName(orders, channel), merchant);
}
