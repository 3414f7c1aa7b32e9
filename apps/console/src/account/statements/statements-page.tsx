import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { saveCsv } from "../../csv.ts";
import { jifen, toJifenError } from "../../jifen.ts";
import { ledgerWords } from "../../ledger/words.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { formatMonth, lastMonths } from "../months.ts";
import { Problem } from "../problem.tsx";
import { useDays } from "../use-days.ts";
import { type Statement, statementLines } from "./statement-lines.ts";
import { statementRows } from "./statement-rows.ts";
import { StatementView } from "./statement-view.tsx";
import { statementsWords } from "./words.ts";

const route = getRouteApi("/account/statements");

/** The statement of a month: to read, to print, and as a file. */
export function StatementsPage() {
  const words = statementsWords.useWords();
  const { monthFromNow, timeZone: tz } = useDays();
  const thisMonth = monthFromNow(0).slice(0, "2026-11".length);
  const { month = thisMonth } = route.useSearch();
  const navigate = route.useNavigate();
  const statement = useQuery({
    queryKey: ["statements.find", month, tz],
    queryFn: () => jifen.statements.find.query({ month, tz }),
  });
  const error = toJifenError(statement.error);
  return (
    <Page title={words.title} actions={statement.data && <Acts statement={statement.data} />}>
      <div className="max-w-xs print:hidden">
        <SelectField
          name="month"
          label={words.month}
          isLabelHidden
          value={month}
          onChange={({ target }) => void navigate({ search: { month: target.value }, replace: true })}
        >
          {lastMonths(thisMonth).map((each) => (
            <option key={each} value={each}>
              {formatMonth(each)}
            </option>
          ))}
        </SelectField>
      </div>
      {error && <Problem error={error} onRetry={() => void statement.refetch()} />}
      {statement.data && <StatementView statement={statement.data} />}
    </Page>
  );
}

function Acts({ statement }: { readonly statement: Statement }) {
  const words = statementsWords.useWords();
  const ledger = ledgerWords.useWords();
  const save = () => {
    const lines = statementLines(statement, { words, ledger });
    saveCsv(`statement-${statement.month}.csv`, statementRows(statement, lines, words));
  };
  return (
    <>
      <Button onClick={() => print()}>{words.print}</Button>
      <Button onClick={save}>{words.csv}</Button>
    </>
  );
}
