// A page of a site with all components. Its server is test/components-site.ts.
import {
  JifenProvider,
  type JifenResult,
  useBalance,
  useConsume,
  useHolds,
  useOrders,
  useQuote,
} from "@jifen/client/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { BalanceCard } from "../../components/balance-card.tsx";
import { CreditBadge } from "../../components/credit-badge.tsx";
import { Explanation } from "../../components/explanation.tsx";
import { GrantList } from "../../components/grant-list.tsx";
import { LowBalanceBanner } from "../../components/low-balance-banner.tsx";
import { PayButton } from "../../components/pay-button.tsx";
import { RedeemForm } from "../../components/redeem-form.tsx";
import { KeyManager } from "../../components/service-keys.tsx";
import { StatementList } from "../../components/statement-list.tsx";
import { UsageChart } from "../../components/usage-chart.tsx";
import { UsageTable } from "../../components/usage-table.tsx";
import "./page.css";

/** Stands for a server action: the site charges, and returns what `settle` returns. */
async function charge(input: {
  amount?: number;
  quote?: string | undefined;
  idempotencyKey: string;
}): Promise<JifenResult<{ balance: number; transactionId: string }>> {
  const response = await fetch("/charge", { method: "POST", body: JSON.stringify(input) });
  return response.json();
}

/** The hooks that no component shows. */
function Hooks() {
  const { canAfford } = useBalance({ refetchIntervalMs: 60_000 });
  const consume = useConsume();
  const holds = useHolds({ state: "pending" });
  const orders = useOrders();
  const quote = useQuote({ action: "text_to_video", params: { seconds: "10" } });
  return (
    <section aria-label="hooks">
      <p>Affords 50: {String(canAfford(50))}</p>
      <p>Holds: {holds.items.length}</p>
      <p>Orders: {orders.items.length}</p>
      <p>Quote: {quote.data?.credits ?? quote.error?.code}</p>
      <PayButton action={charge} name="quoted" input={{ quote: quote.data?.quote }} cost={quote.data?.credits}>
        Generate by quote
      </PayButton>
      <p>Quote until {quote.data && Date.parse(quote.data.expiresAt)}</p>
      <button type="button" onClick={() => void consume.run({ amount: 1, action: "video" })}>
        Consume
      </button>
      <p>Consume: {consume.error?.code}</p>
    </section>
  );
}

function Page() {
  const parameters = new URLSearchParams(location.search);
  const language = parameters.get("language") === "zh" ? "zh" : "en";
  const [userId, setUserId] = useState(parameters.get("user") ?? "");
  const [mount, setMount] = useState(0);
  const [paid, setPaid] = useState<number>();
  const [explained, setExplained] = useState<string>();
  return (
    <JifenProvider userId={userId} language={language}>
      <main className="mx-auto flex max-w-xl flex-col gap-6 p-4">
        <header className="flex items-center justify-between gap-2">
          <h1>{userId}</h1>
          <CreditBadge />
        </header>
        <button
          type="button"
          onClick={() => void cookieStore.set("user", "second@example.com").then(() => setUserId("second@example.com"))}
        >
          Another user
        </button>
        <LowBalanceBanner below={60} topUpHref="#top-up" />
        <BalanceCard topUpHref="#top-up" />
        <button type="button" onClick={() => setMount(mount + 1)}>
          Mount again
        </button>
        <PayButton
          key={mount}
          action={charge}
          name="generate"
          input={{ amount: 60 }}
          cost={60}
          onPaid={({ balance, transactionId }) => {
            setPaid(balance);
            setExplained(transactionId);
          }}
        >
          Generate
        </PayButton>
        <p>Balance of the answer: {paid}</p>
        {explained !== undefined && <Explanation transactionId={explained} />}
        <UsageChart days={7} tz="UTC" />
        <UsageTable explainHref={(id) => `#${id}`} />
        <GrantList />
        <RedeemForm />
        <KeyManager />
        <StatementList months={2} tz="UTC" />
        <Hooks />
      </main>
    </JifenProvider>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
