import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { Panel } from "../panel.tsx";
import { Problem } from "../problem.tsx";
import { securityWords } from "./words.ts";

const PLACEHOLDERS = 3;

/** The last log-ins: a person sees whether another one has logged in. */
export function SignIns() {
  const words = securityWords.useWords();
  const query = useQuery({ queryKey: ["auth.signIns"], queryFn: () => jifen.auth.signIns.query() });
  const error = toJifenError(query.error);
  const items = query.data?.items ?? [];
  return (
    <Panel title={words.signIns}>
      <p className="text-muted">{words.signInsText}</p>
      {error && <Problem error={error} onRetry={() => void query.refetch()} />}
      {query.data && items.length === 0 ? (
        <p>{words.noSignIns}</p>
      ) : (
        <DataTable
          caption={words.signInsTable}
          rows={items.map((item, position) => ({ ...item, key: `${item.at} ${position}` }))}
          rowKey={({ key }) => key}
          placeholders={query.isPending ? PLACEHOLDERS : 0}
          columns={[
            { title: words.signedInAt, cell: ({ at }) => <Time at={at} form="short" /> },
            { title: words.signedInBy, cell: ({ by }) => words.by[by] },
            {
              title: words.address,
              cell: ({ address }) => <span className="font-mono whitespace-nowrap">{address}</span>,
            },
          ]}
        />
      )}
    </Panel>
  );
}
