import { Link } from "@tanstack/react-router";
import { DataTable } from "../../ui/data-table.tsx";
import { Credits } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { formatMonth } from "../months.ts";
import { Panel } from "../panel.tsx";
import { useDays } from "../use-days.ts";
import { Bars, mostOf, type Spent, totalOf } from "./bars.tsx";
import type { UsageRange } from "./use-usage.ts";
import { usageWords } from "./words.ts";

type OverTimeProps = { readonly spent: readonly Spent[]; readonly by: UsageRange["by"] };

/** What was spent by day or month: bars, a sentence, and the same numbers as a table. */
export function OverTime({ spent, by }: OverTimeProps) {
  const words = usageWords.useWords();
  const { monthOf, nameOf: nameOfDay } = useDays();
  const nameOf = (at: string) => (by === "day" ? nameOfDay(at) : formatMonth(monthOf(at)));
  const most = mostOf(spent);
  const summary = by === "day" ? words.summaryDays : words.summaryMonths;
  return (
    <Panel title={words.spent}>
      <Bars spent={spent} ends={[spent[0] ? nameOf(spent[0].at) : "", words.now]} />
      {most && <p>{summary(formatNumber(totalOf(spent)), formatNumber(most.credits), nameOf(most.at))}</p>}
      <details>
        <summary className="flex min-h-11 items-center underline underline-offset-3">{words.showTable}</summary>
        <DataTable
          caption={words.title}
          rows={spent.filter(({ credits }) => credits > 0).toReversed()}
          rowKey={({ at }) => at}
          columns={[
            {
              title: by === "day" ? words.day : words.month,
              cell: ({ at }) => (
                <Link to="/account/history" search={{ month: monthOf(at) }}>
                  {nameOf(at)}
                </Link>
              ),
            },
            { title: words.credits, isNumber: true, cell: ({ credits }) => <Credits value={credits} /> },
          ]}
        />
      </details>
    </Panel>
  );
}
