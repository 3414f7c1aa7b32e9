import { Link } from "@tanstack/react-router";
import { toJifenError } from "../../jifen.ts";
import { formatNumber } from "../../ui/format.ts";
import { accountWords } from "../../words/account.ts";
import { Panel } from "../panel.tsx";
import { Problem } from "../problem.tsx";
import { Bars, mostOf, totalOf } from "../usage/bars.tsx";
import { spentOf, useUsage } from "../usage/use-usage.ts";
import { useDays } from "../use-days.ts";

const DAYS = 30;

/** What was spent on each of the last thirty days. */
export function SpentDays() {
  const words = accountWords.useWords();
  const { fromToday, nameOf, timeZone: tz } = useDays();
  const usage = useUsage({ from: fromToday(1 - DAYS), to: fromToday(1), tz, by: "day", group: "none" });
  const error = toJifenError(usage.error);
  const spent = usage.data ? spentOf(usage.data) : [];
  const most = mostOf(spent);
  const total = formatNumber(totalOf(spent));
  return (
    <Panel title={words.spent} link={<Link to="/account/usage">{words.byAction}</Link>}>
      {error ? (
        <Problem error={error} onRetry={() => void usage.refetch()} />
      ) : (
        <>
          <Bars spent={spent} ends={[spent[0] ? nameOf(spent[0].at) : "", words.today]} />
          <p className="min-h-12">
            {most && words.spentSummary(total, formatNumber(most.credits), nameOf(most.at))}
            {usage.data && !most && words.nothingSpent}
          </p>
        </>
      )}
    </Panel>
  );
}
