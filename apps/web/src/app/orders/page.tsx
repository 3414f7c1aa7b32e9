import type { Metadata } from "next";
import Link from "next/link";
import { EmptyState } from "../../components/empty-state.tsx";
import { LocalTime } from "../../components/local-time.tsx";
import { OlderLink } from "../../components/older-link.tsx";
import { PageFrame } from "../../components/page-frame.tsx";
import { PhaseBadge } from "../../components/phase-badge.tsx";
import { jifenServer, requireUser } from "../../lib/jifen-server.ts";
import { readLanguage } from "../../lib/language.ts";
import { moneyLabel } from "../../lib/money.ts";
import { orderWordsOf, phaseOf } from "../../lib/order-words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: orderWordsOf(await readLanguage()).listTitle };
}

/** The orders of the user, newest first. */
export default async function OrdersPage({ searchParams }: { searchParams: Promise<{ cursor?: string | string[] }> }) {
  const { cursor } = await searchParams;
  const user = await requireUser();
  const jifen = await jifenServer();
  const language = await readLanguage();
  const { items, nextCursor } = await jifen.orders.list.query(typeof cursor === "string" ? { cursor } : {});
  const say = orderWordsOf(language);
  return (
    <PageFrame language={language} user={user} current="orders">
      <main className="flex flex-col gap-5">
        <h2 className="text-2xl font-semibold">{say.listTitle}</h2>
        {items.length === 0 && (
          <EmptyState title={say.empty}>
            <Link href="/top-up" className="font-medium underline underline-offset-4">
              {say.topUp}
            </Link>
          </EmptyState>
        )}
        {items.length > 0 && (
          <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-card shadow-sm">
            {items.map((order) => (
              <li key={order.orderId}>
                <Link href={`/orders/${order.orderId}`} className="flex items-center gap-3 px-5 py-4 hover:bg-paper">
                  <span className="min-w-0 flex-1">
                    <span className="block font-medium">{order.item.title[language]}</span>
                    <span className="block text-sm text-muted">
                      <LocalTime language={language} iso={order.createdAt} />
                    </span>
                  </span>
                  <span className="flex flex-col items-end gap-1">
                    <span className="tabular-nums">{moneyLabel(order.amount)}</span>
                    <PhaseBadge language={language} phase={phaseOf(order)} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        <OlderLink path="/orders" cursor={nextCursor}>
          {say.older}
        </OlderLink>
      </main>
    </PageFrame>
  );
}
