import { isJifenError } from "@jifen/client";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { OrderView } from "../../../components/order-view.tsx";
import { PageFrame } from "../../../components/page-frame.tsx";
import { jifenServer, requireUser } from "../../../lib/jifen-server.ts";
import { readLanguage } from "../../../lib/language.ts";
import { type Order, orderWordsOf } from "../../../lib/order-words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: orderWordsOf(await readLanguage()).title };
}

/** One order of the user. */
export default async function OrderPage({ params }: { params: Promise<{ orderId: string }> }) {
  const { orderId } = await params;
  const user = await requireUser();
  const language = await readLanguage();
  const order = await findOrder(orderId);
  return (
    <PageFrame language={language} user={user} current="orders">
      <main className="flex flex-col gap-5">
        <OrderView key={order.orderId} language={language} initial={order} />
        <Link
          href="/orders"
          className="self-center rounded-lg px-3 py-2 text-sm text-muted underline underline-offset-4"
        >
          {orderWordsOf(language).allOrders}
        </Link>
      </main>
    </PageFrame>
  );
}

async function findOrder(orderId: string): Promise<Order> {
  try {
    return await (await jifenServer()).orders.find.query({ orderId });
  } catch (error) {
    const isMissing = isJifenError(error, "ORDER_NOT_FOUND") || isJifenError(error, "VALIDATION_FAILED");
    if (isMissing) notFound();
    throw error;
  }
}
