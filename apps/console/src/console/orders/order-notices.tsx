import { Link } from "@tanstack/react-router";
import { useSession } from "../../session.ts";
import { Notice } from "../../ui/notice.tsx";
import type { OrderFile } from "./types.ts";
import { ordersWords } from "./words.ts";

/** What of an order waits, and why. */
export function OrderNotices({ order: { state, needsHelp, expiresAt, reversals } }: { readonly order: OrderFile }) {
  const words = ordersWords.useWords();
  const { role } = useSession().session;
  const isLate = (state === "new" || state === "open") && new Date(expiresAt).getTime() < Date.now();
  return (
    <>
      {needsHelp && (
        <Notice kind="warn">
          {words.helpNotice} {role !== "support" && <Link to="/console/reviews">{words.showReviews}</Link>}
        </Notice>
      )}
      {state === "paid" && <Notice kind="warn">{words.lateNotice}</Notice>}
      {reversals.some((each) => each.state === "stuck") && <Notice kind="warn">{words.stuckNotice}</Notice>}
      {isLate && <Notice kind="plain">{words.expiredNotice}</Notice>}
    </>
  );
}
