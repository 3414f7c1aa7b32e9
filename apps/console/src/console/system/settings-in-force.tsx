import type { JifenOutputs } from "@jifen/client";
import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { systemWords } from "./words.ts";

type Setting = JifenOutputs["system"]["settings"]["items"][number];

/** The settings in force: those that were set, and folded those that have their default. */
export function SettingsInForce() {
  const words = systemWords.useWords();
  const query = useQuery({ queryKey: ["system.settings"], queryFn: () => jifen.system.settings.query({}) });
  const error = toJifenError(query.error);
  const items = query.data?.items ?? [];
  const [defaults, set] = [
    items.filter(({ source }) => source === "default"),
    items.filter(({ source }) => source !== "default"),
  ];
  return (
    <section className="grid gap-2">
      <h2 className="font-semibold">{words.settings}</h2>
      <p className="text-muted">{words.settingsText}</p>
      {error && <ErrorNotice error={error} />}
      <SettingTable caption={words.settings} settings={set} placeholders={query.isPending ? 4 : 0} />
      <details>
        <summary className="text-muted">{words.defaults(formatNumber(defaults.length))}</summary>
        <div className="mt-2">
          <SettingTable caption={words.defaults(formatNumber(defaults.length))} settings={defaults} />
        </div>
      </details>
    </section>
  );
}

type SettingTableProps = {
  readonly caption: string;
  readonly settings: readonly Setting[];
  readonly placeholders?: number;
};

function SettingTable({ caption, settings, placeholders = 0 }: SettingTableProps) {
  const words = systemWords.useWords();
  return (
    <DataTable
      {...{ caption, placeholders }}
      rows={settings}
      rowKey={({ name }) => name}
      columns={[
        {
          title: words.setting,
          cell: ({ name, description }) => (
            <>
              <span className="font-mono text-[0.92em] wrap-anywhere">{name}</span>
              <span className="block text-muted">{description}</span>
            </>
          ),
        },
        {
          title: words.value,
          cell: ({ value, isSecret }) => (
            <span className="wrap-anywhere">{value === null && isSecret ? words.secret : value || words.unset}</span>
          ),
        },
        {
          title: words.source,
          isWide: true,
          cell: ({ source }) => <span className="whitespace-nowrap">{words.sources[source]}</span>,
        },
      ]}
    />
  );
}
