import { jifen } from "../../../jifen.ts";
import { keyColumns } from "../../../keys/key-columns.tsx";
import { keysWords } from "../../../keys/words.ts";
import { List } from "../../../ui/list.tsx";
import { usePages } from "../../../use-pages.ts";

/** The service keys of a user. */
export function UserKeys({ userId }: { readonly userId: string }) {
  const words = keysWords.useWords();
  const keys = usePages({
    key: ["keys.list", { userId }],
    read: (cursor) => jifen.keys.list.query({ userId, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <List
      pages={keys}
      caption={words.table}
      rowKey={({ keyId }) => keyId}
      columns={keyColumns(words)}
      empty={words.empty}
    />
  );
}
