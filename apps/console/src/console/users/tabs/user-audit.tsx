import { jifen } from "../../../jifen.ts";
import { List } from "../../../ui/list.tsx";
import { usePages } from "../../../use-pages.ts";
import { auditColumns } from "../../audit/audit-columns.tsx";
import { auditWords } from "../../audit/words.ts";

/** What was done to a user. */
export function UserAudit({ userId }: { readonly userId: string }) {
  const words = auditWords.useWords();
  const subject = `user:${userId}`;
  const events = usePages({
    key: ["auditLog.list", { subject }],
    read: (cursor) => jifen.auditLog.list.query({ subject, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <List
      pages={events}
      caption={words.table}
      rowKey={({ eventId }) => eventId}
      columns={auditColumns(words)}
      empty={words.empty}
    />
  );
}
