import { HistoryTable } from "../components/history-table.tsx";
import { BalanceCard } from "../components/jifen/balance-card";
import { LowBalanceBanner } from "../components/jifen/low-balance-banner";
import { PageFrame } from "../components/page-frame.tsx";
import { SpendPanel } from "../components/spend-panel.tsx";
import { jifenServer, requireUser } from "../lib/jifen-server.ts";
import { readLanguage } from "../lib/language.ts";
import { offers } from "../lib/offers.ts";

/** The home page: balance, offers, and what happened last. */
export default async function HomePage() {
  const user = await requireUser();
  const jifen = await jifenServer();
  const [language, { balance }] = await Promise.all([readLanguage(), jifen.credits.balance.query()]);
  return (
    <PageFrame language={language} user={user} initialBalance={balance} current="home">
      <main className="grid items-start gap-6 *:min-w-0 md:grid-cols-2">
        <LowBalanceBanner topUpHref="/top-up" className="md:col-span-2" />
        <BalanceCard topUpHref="/top-up" />
        <SpendPanel language={language} offers={offers} />
        <div className="md:col-span-2">
          <HistoryTable language={language} limit={5} />
        </div>
      </main>
    </PageFrame>
  );
}
