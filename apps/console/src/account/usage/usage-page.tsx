import { getRouteApi } from "@tanstack/react-router";
import { toJifenError } from "../../jifen.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { Problem } from "../problem.tsx";
import { useDays } from "../use-days.ts";
import { totalOf } from "./bars.tsx";
import { ByAction } from "./by-action.tsx";
import { OverTime } from "./over-time.tsx";
import { type Period, periods, rangeOf } from "./periods.ts";
import { spentOf, useUsage } from "./use-usage.ts";
import { usageWords } from "./words.ts";

const route = getRouteApi("/account/usage");

/** What credits were spent on, by day or month and by action. */
export function UsagePage() {
  const words = usageWords.useWords();
  const { period = "month" } = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(period, useDays());
  const usage = useUsage({ ...range, group: "action" });
  const error = toJifenError(usage.error);
  const spent = usage.data && spentOf(usage.data);
  const isEmpty = spent !== undefined && totalOf(spent) === 0;
  return (
    <Page title={words.title}>
      <div className="max-w-xs">
        <SelectField
          name="period"
          label={words.period}
          isLabelHidden
          value={period}
          onChange={({ target }) => void navigate({ search: { period: target.value as Period }, replace: true })}
        >
          {periods.map((each) => (
            <option key={each} value={each}>
              {words.periods[each]}
            </option>
          ))}
        </SelectField>
      </div>
      {error && <Problem error={error} onRetry={() => void usage.refetch()} />}
      {isEmpty && <Nothing period={period} />}
      {usage.data && spent && !isEmpty && (
        <div className="grid items-start gap-4 md:grid-cols-2">
          <OverTime spent={spent} by={range.by} />
          <ByAction usage={usage.data} total={totalOf(spent)} />
        </div>
      )}
    </Page>
  );
}

/** Nothing was spent: the way to a longer period. */
function Nothing({ period }: { readonly period: Period }) {
  const words = usageWords.useWords();
  return (
    <div className="grid justify-items-center gap-3 rounded-md border border-dashed border-line px-4 py-8 text-center text-muted">
      <p>{period === "year" ? words.never : words.none}</p>
      {period !== "year" && (
        <ButtonLink to="/account/usage" search={{ period: "year" }} replace>
          {words.longer}
        </ButtonLink>
      )}
    </div>
  );
}
