import { getRouteApi } from "@tanstack/react-router";
import { toJifenError } from "../../jifen.ts";
import { language } from "../../language.ts";
import { useSession } from "../../session.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { formatMoney, formatNumber } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { accountWords } from "../../words/account.ts";
import { entryLink } from "../history/entry-link.tsx";
import { Problem } from "../problem.tsx";
import { topUpWords } from "../topup/words.ts";
import { OrderFacts } from "./order-facts.tsx";
import { type Order, PhaseBadge, phaseOf } from "./order-phase.tsx";
import { PayPanel } from "./pay-panel.tsx";
import { useOrder } from "./use-order.ts";

const route = getRouteApi("/account/topup/$orderId");

/** An order that changes before the eyes of its user: paid, credited, or closed. */
export function OrderPage() {
  const words = topUpWords.useWords();
  const { orderId } = route.useParams();
  const query = useOrder(orderId);
  const error = toJifenError(query.error);
  const isUnknown = error?.code === "ORDER_NOT_FOUND" || error?.code === "VALIDATION_FAILED";
  return (
    <Page title={words.order} actions={<ButtonLink to="/account/orders">{words.orders}</ButtonLink>}>
      {error &&
        (isUnknown ? (
          <Notice kind="warn">{words.notFound}</Notice>
        ) : (
          <Problem error={error} onRetry={() => void query.refetch()} />
        ))}
      {query.data && <OrderView order={query.data} />}
    </Page>
  );
}

function OrderView({ order }: { readonly order: Order }) {
  const words = topUpWords.useWords();
  const phase = phaseOf(order);
  return (
    <div className="grid max-w-xl gap-4">
      <section className="grid gap-4 rounded-md border border-line bg-card p-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <h2 className="text-lg font-semibold">{order.item.title[language]}</h2>
          <span className="text-lg font-semibold">{formatMoney(order.amount.minor, order.amount.currency)}</span>
          <p className="w-full text-muted">{words.credits(formatNumber(order.credits + order.bonusCredits))}</p>
        </div>
        <div role="status" data-phase={phase} className="grid justify-items-start gap-1">
          <PhaseBadge phase={phase} />
          <p>{words.explain[phase]}</p>
        </div>
        {phase === "waiting" && order.pay && <PayPanel order={order} pay={order.pay} />}
        {phase === "credited" && order.needsHelp && <Notice kind="warn">{words.secondPayment}</Notice>}
        {order.transactionId !== null && <p>{entryLink({ transactionId: order.transactionId }, words.entry)}</p>}
        {(phase === "closed" || phase === "failed") && (
          <ButtonLink to="/account/topup" look="primary">
            {words.again}
          </ButtonLink>
        )}
        {order.needsHelp && <Support />}
      </section>
      <OrderFacts order={order} />
    </div>
  );
}

function Support() {
  const words = accountWords.useWords();
  const { supportUrl } = useSession().state.brand;
  return supportUrl === null ? null : <a href={supportUrl}>{words.support}</a>;
}
