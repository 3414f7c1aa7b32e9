import type { JifenOutputs } from "@jifen/client";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { systemWords } from "./words.ts";

/** The background jobs of the process that answered. */
export function Jobs({ jobs }: { readonly jobs: JifenOutputs["system"]["status"]["jobs"] }) {
  const words = systemWords.useWords();
  return (
    <section className="grid gap-2">
      <h2 className="font-semibold">{words.jobs}</h2>
      <DataTable
        caption={words.jobs}
        rows={jobs}
        rowKey={({ name }) => name}
        columns={[
          { title: words.job, cell: ({ name }) => <span className="font-mono text-[0.92em]">{name}</span> },
          { title: words.runBy, isWide: true, cell: ({ hasLease }) => (hasLease ? words.here : words.elsewhere) },
          {
            title: words.failures,
            isNumber: true,
            cell: ({ failures }) => <Badge kind={failures === 0 ? "plain" : "warn"}>{formatNumber(failures)}</Badge>,
          },
          {
            title: words.lastSuccess,
            cell: ({ lastSuccessAt }) => (lastSuccessAt === null ? "–" : <Time at={lastSuccessAt} form="relative" />),
          },
        ]}
      />
    </section>
  );
}
