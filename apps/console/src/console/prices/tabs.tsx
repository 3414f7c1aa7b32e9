import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { ParamLines, PriceLines } from "./action-lines.tsx";
import type { Catalogue } from "./catalogue.ts";
import { packColumns } from "./pack-columns.tsx";
import { factorText } from "./price-text.ts";
import { pricesWords } from "./words.ts";

type TabProps = { readonly catalogue: Catalogue };

/** The prices of all actions. */
export function ActionsTab({ catalogue: { actions = [] } }: TabProps) {
  const words = pricesWords.useWords();
  if (actions.length === 0) return <p className="text-muted">{words.noActions}</p>;
  return (
    <DataTable
      caption={words.tabs.actions}
      rows={actions}
      rowKey={({ action }) => action}
      columns={[
        {
          title: words.action,
          cell: (price) => (
            <>
              <span className="font-mono text-[0.92em]">{price.action}</span>
              <div className="mt-1 md:hidden">
                <ParamLines price={price} />
              </div>
            </>
          ),
        },
        { title: words.params, isWide: true, cell: (price) => <ParamLines price={price} /> },
        { title: words.price, cell: (price) => <PriceLines price={price} /> },
      ]}
    />
  );
}

/** The packs of credits. */
export function PacksTab({ catalogue: { packs = [] } }: TabProps) {
  const words = pricesWords.useWords();
  if (packs.length === 0) return <p className="text-muted">{words.noPacks}</p>;
  return <DataTable caption={words.tabs.packs} rows={packs} rowKey={({ id }) => id} columns={packColumns(words)} />;
}

/** The multipliers of prices. */
export function MultipliersTab({ catalogue: { multipliers = [] } }: TabProps) {
  const words = pricesWords.useWords();
  if (multipliers.length === 0) return <p className="text-muted">{words.noMultipliers}</p>;
  return (
    <DataTable
      caption={words.tabs.multipliers}
      rows={multipliers}
      rowKey={(multiplier) => JSON.stringify(multiplier)}
      columns={[
        {
          title: words.action,
          cell: ({ action, from, to }) => (
            <>
              {action === undefined ? words.everyAction : <span className="font-mono text-[0.92em]">{action}</span>}
              <span className="block text-muted md:hidden">
                {from !== undefined && <Time at={from} />}
                {to !== undefined && (
                  <>
                    {" "}
                    – <Time at={to} />
                  </>
                )}
              </span>
            </>
          ),
        },
        { title: words.group, cell: ({ group }) => group ?? words.everyGroup },
        { title: words.factor, isNumber: true, cell: ({ ppm }) => factorText(ppm) },
        { title: words.from, isWide: true, cell: ({ from }) => (from === undefined ? "–" : <Time at={from} />) },
        { title: words.until, isWide: true, cell: ({ to }) => (to === undefined ? "–" : <Time at={to} />) },
      ]}
    />
  );
}
