import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { Page } from "../../ui/page.tsx";
import { accountWords } from "../../words/account.ts";
import { Problem } from "../problem.tsx";
import { BalanceFigures } from "./balance-figures.tsx";
import { RecentEntries } from "./recent-entries.tsx";
import { SpentDays } from "./spent-days.tsx";

/** What the user has, what was spent lately, and what to do next. */
export function HomePage() {
  const words = accountWords.useWords();
  const balance = useQuery({ queryKey: ["credits.balance"], queryFn: () => jifen.credits.balance.query() });
  const error = toJifenError(balance.error);
  return (
    <Page title={words.title}>
      {error && <Problem error={error} onRetry={() => void balance.refetch()} />}
      <div className="grid items-start gap-4 md:grid-cols-2">
        <BalanceFigures balance={balance.data} />
        <SpentDays />
      </div>
      <RecentEntries />
    </Page>
  );
}
