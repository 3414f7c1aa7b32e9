import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { jifen, toJifenError } from "../../jifen.ts";
import { language } from "../../language.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";
import { CheckOrder } from "./acts/check-order.tsx";
import { OrderEvents } from "./order-events.tsx";
import { OrderHead } from "./order-head.tsx";
import { OrderNotices } from "./order-notices.tsx";
import { Payments } from "./payments.tsx";
import { RawFacts } from "./raw-facts.tsx";
import { Reversals } from "./reversals.tsx";
import { ordersWords } from "./words.ts";

const route = getRouteApi("/console/orders/$orderId");

/** One order: what was sold, what came, what went back, and what happened in between. */
export function OrderPage() {
  const words = ordersWords.useWords();
  const { orderId } = route.useParams();
  const [isChecking, setChecking] = useState(false);
  const query = useQuery({
    queryKey: ["adminOrders.find", orderId],
    queryFn: () => jifen.adminOrders.find.query({ orderId }),
  });
  const error = toJifenError(query.error);
  const order = query.data;
  return (
    <Page
      title={order ? `${words.order} · ${order.item.title[language]}` : words.order}
      actions={order && <Button onClick={() => setChecking(true)}>{words.check}</Button>}
    >
      {error &&
        (error.code === "ORDER_NOT_FOUND" || error.code === "VALIDATION_FAILED" ? (
          <Notice kind="warn">{words.notFound}</Notice>
        ) : (
          <ErrorNotice error={error} onRetry={() => void query.refetch()} />
        ))}
      {order && (
        <>
          <OrderNotices order={order} />
          <OrderHead order={order} />
          <Section title={words.payments}>
            <Payments order={order} />
          </Section>
          <Section title={words.reversals}>
            <Reversals order={order} />
          </Section>
          <Section title={words.timeline}>
            <OrderEvents order={order} />
          </Section>
          <RawFacts facts={order} />
          {isChecking && <CheckOrder orderId={orderId} onClose={() => setChecking(false)} />}
        </>
      )}
    </Page>
  );
}
