import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { BalanceCard } from "../../components/jifen/balance-card";
import { RedeemForm } from "../../components/jifen/redeem-form";
import { PageFrame } from "../../components/page-frame.tsx";
import { TopUpForm } from "../../components/top-up-form.tsx";
import { jifenServer, requireUser } from "../../lib/jifen-server.ts";
import { readLanguage } from "../../lib/language.ts";
import { wordsOf } from "../../lib/wording.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: wordsOf(await readLanguage()).pages.topUp };
}

type TopUpPageProps = { searchParams: Promise<{ order?: string | string[] }> };

/** Packs, ways to pay, and codes. Payment providers send browsers back to this page, with the order. */
export default async function TopUpPage({ searchParams }: TopUpPageProps) {
  const { order } = await searchParams;
  if (typeof order === "string" && /^[0-9a-f]{32}$/.test(order)) redirect(`/orders/${order}`);
  const user = await requireUser();
  const jifen = await jifenServer();
  const [language, { balance }] = await Promise.all([readLanguage(), jifen.credits.balance.query()]);
  return (
    <PageFrame language={language} user={user} initialBalance={balance} current="topUp">
      <main className="grid items-start gap-6 *:min-w-0 md:grid-cols-[3fr_2fr]">
        <h2 className="text-2xl font-semibold md:col-span-2">{wordsOf(language).pages.topUp}</h2>
        <TopUpForm />
        <div className="flex flex-col gap-6">
          <BalanceCard />
          <RedeemForm />
        </div>
      </main>
    </PageFrame>
  );
}
