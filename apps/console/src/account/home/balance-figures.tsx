import type { JifenOutputs } from "@jifen/client";
import { useQuery } from "@tanstack/react-query";
import { jifen } from "../../jifen.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Credits } from "../../ui/figures.tsx";
import { formatDay, formatNumber } from "../../ui/format.ts";
import { accountWords } from "../../words/account.ts";
import { Panel } from "../panel.tsx";
import { recentEntries } from "./recent-entries.tsx";

type Balance = JifenOutputs["credits"]["balance"];

/** How many running jobs are counted. */
const MAX_JOBS = 100;

/** The available credits, what is held for jobs, what expires next, and how to get more. */
export function BalanceFigures({ balance }: { readonly balance: Balance | undefined }) {
  const words = accountWords.useWords();
  return (
    <Panel title={words.available}>
      <p className="min-h-12 text-4xl leading-12 font-semibold" aria-live="polite">
        {balance && <Credits value={balance.balance} />}
      </p>
      <div className="grid min-h-6 gap-0.5 text-muted">
        {balance && balance.held > 0 && <Held credits={balance.held} />}
        {balance?.expiring && (
          <p>{words.expires(formatNumber(balance.expiring.amount), formatDay(balance.expiring.expiresAt))}</p>
        )}
        {balance?.balance === 0 && <NextStep isHeld={balance.held > 0} />}
      </div>
      <div className="mt-1 grid gap-2 sm:grid-cols-2">
        <ButtonLink to="/account/topup" look="primary">
          {words.topUp}
        </ButtonLink>
        <ButtonLink to="/account/redeem">{words.redeem}</ButtonLink>
      </div>
    </Panel>
  );
}

function Held({ credits }: { readonly credits: number }) {
  const words = accountWords.useWords();
  const holds = useQuery({
    queryKey: ["holds.list", "pending"],
    queryFn: () => jifen.holds.list.query({ state: "pending", limit: MAX_JOBS }),
  });
  const jobs = holds.data?.items.length ?? 0;
  const count = holds.data?.nextCursor ? `${formatNumber(jobs)}+` : formatNumber(jobs);
  return <p>{jobs > 0 ? words.heldJobs(formatNumber(credits), count) : words.held(formatNumber(credits))}</p>;
}

/** Nothing is available: what credits are for here, or that they are used up. */
function NextStep({ isHeld }: { readonly isHeld: boolean }) {
  const words = accountWords.useWords();
  const entries = useQuery(recentEntries);
  if (isHeld) return <p>{words.emptyHeld}</p>;
  if (!entries.data) return null;
  const isNew = entries.data.items.length === 0;
  return (
    <>
      <p className="font-medium text-ink">{isNew ? words.welcome : words.empty}</p>
      <p>{isNew ? words.welcomeText : words.emptyText}</p>
    </>
  );
}
