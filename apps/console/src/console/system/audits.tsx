import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { useAct } from "../../use-act.ts";
import { systemWords } from "./words.ts";

const REFRESH_MS = 2_000;

/** The audits of the ledger, and the button that starts one. */
export function Audits() {
  const words = systemWords.useWords();
  const query = useQuery({
    queryKey: ["system.audits"],
    queryFn: () => jifen.system.audits.query({}),
    refetchInterval: ({ state }) => (state.data?.running ? REFRESH_MS : false),
  });
  const act = useAct(() => jifen.system.startAudit.mutate({}));
  const error = act.error ?? toJifenError(query.error);
  const { running = null, failedAt = null, items = [] } = query.data ?? {};
  const isWrong = (items[0]?.differences ?? 0) > 0;
  return (
    <section id="audits" className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{words.audits}</h2>
        <Button onClick={() => void act.run()} isBusy={act.isPending || running !== null}>
          {words.startAudit}
        </Button>
      </div>
      <p className="text-muted">{words.auditText}</p>
      {error && <ErrorNotice error={error} />}
      <p role="status">{running && words.auditRunning(formatNumber(running.accounts))}</p>
      {failedAt !== null && <Notice kind="warn">{words.auditFailed}</Notice>}
      {isWrong && <Notice kind="bad">{words.listDifferences}</Notice>}
      {query.data && items.length === 0 ? (
        <p className="text-muted">{words.never}</p>
      ) : (
        <DataTable
          caption={words.audits}
          rows={items}
          rowKey={({ runId }) => runId}
          placeholders={query.isPending ? 2 : 0}
          columns={[
            { title: words.finished, cell: ({ finishedAt }) => <Time at={finishedAt} /> },
            { title: words.accounts, isNumber: true, isWide: true, cell: ({ accounts }) => formatNumber(accounts) },
            {
              title: words.entries,
              isNumber: true,
              isWide: true,
              cell: ({ transactions }) => formatNumber(transactions),
            },
            {
              title: words.differences,
              isNumber: true,
              cell: ({ differences }) => (
                <Badge kind={differences === 0 ? "good" : "bad"}>{formatNumber(differences)}</Badge>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
