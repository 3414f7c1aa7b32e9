import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { Notice } from "../../ui/notice.tsx";
import { ordersWords } from "./words.ts";

const REFRESH_MS = 30_000;

/** Says above the list that orders are paid without credits, and that decisions wait. */
export function WaitingOrders() {
  const words = ordersWords.useWords();
  const { role } = useSession().session;
  const isFinance = role === "finance" || role === "admin";
  const paid = useQuery({
    queryKey: ["adminOrders.list", { state: "paid", limit: 1 }],
    queryFn: () => jifen.adminOrders.list.query({ state: "paid", limit: 1 }),
    refetchInterval: REFRESH_MS,
  });
  const reviews = useQuery({
    queryKey: ["adminReviews.list", { limit: 1 }],
    queryFn: () => jifen.adminReviews.list.query({ limit: 1 }),
    enabled: isFinance,
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      {(paid.data?.items.length ?? 0) > 0 && (
        <Notice kind="warn">
          {words.someUncredited}{" "}
          <Link to="/console/orders" search={{ state: "paid" }}>
            {words.showUncredited}
          </Link>
        </Notice>
      )}
      {(reviews.data?.items.length ?? 0) > 0 && (
        <Notice kind="warn">
          {words.someReviews} <Link to="/console/reviews">{words.showReviews}</Link>
        </Notice>
      )}
    </>
  );
}
