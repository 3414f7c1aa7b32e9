"use client";

import { useRouter } from "next/navigation";
import { TopUpPanel } from "./jifen/top-up-panel";

/** Orders a pack. The user pays on the provider's page, or by the code on the order's page. */
export function TopUpForm() {
  const router = useRouter();
  return (
    <TopUpPanel
      className="rounded-xl border border-line bg-card p-5"
      onPlaced={({ orderId }) => router.push(`/orders/${orderId}`)}
    />
  );
}
