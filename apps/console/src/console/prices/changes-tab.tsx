import type { JifenOutputs } from "@jifen/client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { jifen, toJifenError } from "../../jifen.ts";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { PriceLines } from "./action-lines.tsx";
import type { Catalogue } from "./catalogue.ts";
import { PackLines } from "./pack-columns.tsx";
import { pricesWords } from "./words.ts";

type Changes = JifenOutputs["adminCatalogues"]["diff"]["actions"];
type ChangesTabProps = { readonly version: number; readonly catalogue: Catalogue };

/** What a version changes of the one in force. */
export function ChangesTab({ version, catalogue }: ChangesTabProps) {
  const words = pricesWords.useWords();
  const diff = useQuery({
    queryKey: ["adminCatalogues.diff", version],
    queryFn: () => jifen.adminCatalogues.diff.query({ version }),
  });
  const against = diff.data?.against ?? null;
  const former = useQuery({
    queryKey: ["adminCatalogues.find", against],
    queryFn: () => jifen.adminCatalogues.find.query({ version: against ?? 0 }),
    enabled: against !== null,
  });
  const error = toJifenError(diff.error ?? former.error);
  if (error) return <ErrorNotice error={error} onRetry={() => void diff.refetch()} />;
  if (!diff.data || (against !== null && !former.data)) return null;
  const before = (former.data?.document ?? {}) as Catalogue;
  const { actions, packs, multipliers } = diff.data;
  const actionOf = (from: Catalogue, name: string): ReactNode => {
    const price = from.actions?.find(({ action }) => action === name);
    return price && <PriceLines price={price} />;
  };
  const packOf = (from: Catalogue, id: string): ReactNode => {
    const pack = from.packs?.find((each) => each.id === id);
    return pack && <PackLines pack={pack} />;
  };
  const isEqual = isEmpty(actions) && isEmpty(packs) && !multipliers;
  return (
    <>
      <p className="text-muted">{against === null ? words.againstNothing : words.against(formatNumber(against))}</p>
      {isEqual && <p>{words.noChanges}</p>}
      {multipliers && <Notice kind="plain">{words.multipliersChanged}</Notice>}
      <ChangesTable title={words.actionChanges} changes={actions} {...{ before, after: catalogue }} show={actionOf} />
      <ChangesTable title={words.packChanges} changes={packs} {...{ before, after: catalogue }} show={packOf} />
    </>
  );
}

const isEmpty = ({ added, removed, changed }: Changes) => added.length + removed.length + changed.length === 0;

type ChangesTableProps = {
  readonly title: string;
  readonly changes: Changes;
  readonly before: Catalogue;
  readonly after: Catalogue;
  readonly show: (catalogue: Catalogue, name: string) => ReactNode;
};

const badges = { added: "good", removed: "bad", changed: "warn" } as const;

function ChangesTable({ title, changes, before, after, show }: ChangesTableProps) {
  const words = pricesWords.useWords();
  if (isEmpty(changes)) return null;
  const rows = (["changed", "added", "removed"] as const).flatMap((change) =>
    changes[change].map((name) => ({ change, name })),
  );
  return (
    <Section title={title}>
      <DataTable
        caption={title}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          {
            title: words.change,
            cell: ({ change, name }) => (
              <>
                <Badge kind={badges[change]}>{words.changes[change]}</Badge>{" "}
                <span className="font-mono text-[0.92em]">{name}</span>
              </>
            ),
          },
          { title: words.before, cell: ({ name }) => show(before, name) ?? "–" },
          { title: words.after, cell: ({ name }) => show(after, name) ?? "–" },
        ]}
      />
    </Section>
  );
}
