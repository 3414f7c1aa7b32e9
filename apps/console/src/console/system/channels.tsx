import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { CopyId } from "../../ui/copy-id.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { systemWords } from "./words.ts";

/** The payment channels: what was last heard of them, and where their notices go. */
export function Channels() {
  const words = systemWords.useWords();
  const query = useQuery({ queryKey: ["adminChannels.list"], queryFn: () => jifen.adminChannels.list.query({}) });
  const error = toJifenError(query.error);
  const items = query.data?.items ?? [];
  return (
    <section className="grid gap-2">
      <h2 className="font-semibold">{words.channels}</h2>
      {error && <ErrorNotice error={error} />}
      {query.data && items.length === 0 && <p className="text-muted">{words.noChannels}</p>}
      {items.length > 0 && (
        <DataTable
          caption={words.channels}
          rows={items}
          rowKey={({ channel }) => channel}
          columns={[
            { title: words.channel, cell: ({ channel }) => channel },
            { title: words.merchant, isWide: true, cell: ({ merchant }) => merchant },
            {
              title: words.lastNotice,
              cell: ({ lastNoticeAt }) => (lastNoticeAt === null ? "–" : <Time at={lastNoticeAt} />),
            },
            {
              title: words.lastBad,
              isWide: true,
              cell: ({ lastBadAt, lastBadReason }) =>
                lastBadAt === null ? (
                  "–"
                ) : (
                  <>
                    <Time at={lastBadAt} /> {lastBadReason}
                  </>
                ),
            },
            { title: words.notifyUrl, isWide: true, cell: ({ notifyUrl }) => <CopyId id={notifyUrl} /> },
          ]}
        />
      )}
    </section>
  );
}
