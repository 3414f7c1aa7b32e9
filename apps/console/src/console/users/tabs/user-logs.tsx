import { jifen } from "../../../jifen.ts";
import { List } from "../../../ui/list.tsx";
import { usePages } from "../../../use-pages.ts";
import { logColumns } from "../../logs/log-columns.tsx";
import { logsWords } from "../../logs/words.ts";

/** The calls of a user. */
export function UserLogs({ userId }: { readonly userId: string }) {
  const words = logsWords.useWords();
  const logs = usePages({
    key: ["adminLogs.list", { userId }],
    read: (cursor) => jifen.adminLogs.list.query({ userId, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <List
      pages={logs}
      caption={words.table}
      rowKey={({ logId }) => logId}
      columns={logColumns(words, false)}
      empty={words.empty}
    />
  );
}
