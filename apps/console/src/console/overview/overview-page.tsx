import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jifen, toJifenError } from "../../jifen.ts";
import { lastDays } from "../../time-zone.ts";
import { SelectField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Attention } from "./attention.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { NowFacts } from "./now-facts.tsx";
import { type Range, ranges } from "./ranges.ts";
import { SpendChart } from "./spend-chart.tsx";
import { Tiles } from "./tiles.tsx";
import { TopList } from "./top-list.tsx";
import { overviewWords } from "./words.ts";

const route = getRouteApi("/console/");
const REFRESH_MS = 15_000;

/** What has happened lately, and what needs a person. */
export function OverviewPage() {
  const words = overviewWords.useWords();
  const { days = "30" } = route.useSearch();
  const navigate = route.useNavigate();
  const range = lastDays(Number(days));
  const query = useQuery({
    queryKey: ["stats.overview", range],
    queryFn: () => jifen.stats.overview.query(range),
    refetchInterval: REFRESH_MS,
  });
  const error = toJifenError(query.error);
  const isNew = query.data !== undefined && query.data.spent === 0 && query.data.previous.spent === 0;
  return (
    <Page
      title={words.title}
      actions={
        <Filters
          label={words.range}
          onChange={(values) => void navigate({ search: { days: values.get("days") as Range }, replace: true })}
        >
          <SelectField name="days" label={words.range} isLabelHidden defaultValue={days}>
            {ranges.map((each) => (
              <option key={each} value={each}>
                {words.days(formatNumber(Number(each)))}
              </option>
            ))}
          </SelectField>
        </Filters>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void query.refetch()} />}
      {isNew && <FirstSteps />}
      <Tiles overview={query.data} />
      <SpendChart days={days} />
      <div className="grid gap-4 lg:grid-cols-2">
        <TopList of="user" range={range} />
        <TopList of="action" range={range} />
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <NowFacts overview={query.data} />
        <Attention />
      </div>
    </Page>
  );
}
