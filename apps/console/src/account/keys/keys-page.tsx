import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { CreateKey } from "../../keys/create-key.tsx";
import { keyColumns } from "../../keys/key-columns.tsx";
import type { Scope } from "../../keys/types.ts";
import { keysWords } from "../../keys/words.ts";
import { useSession } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { usePages } from "../../use-pages.ts";
import { useHasKeys } from "./use-has-keys.ts";

const scopes: readonly Scope[] = ["credits:read", "credits:spend", "logs:write", "logs:read"];

/** The service keys of the user, for the user's own programs. */
export function KeysPage() {
  const words = keysWords.useWords();
  const { userId } = useSession().session;
  const hasKeys = useHasKeys();
  const [isCreating, setCreating] = useState(false);
  const keys = usePages({
    key: ["keys.list", userId],
    read: (cursor) => jifen.keys.list.query({ userId, limit: 20, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <Page
      title={words.title}
      actions={
        hasKeys && (
          <Button look="primary" onClick={() => setCreating(true)}>
            {words.create}
          </Button>
        )
      }
    >
      <p className="text-muted">{words.what}</p>
      <List
        pages={keys}
        caption={words.table}
        rowKey={({ keyId }) => keyId}
        columns={keyColumns(words)}
        empty={hasKeys ? words.empty : words.notForUsers}
      />
      {isCreating && <CreateKey scopes={scopes} hasOwner={false} onClose={() => setCreating(false)} />}
    </Page>
  );
}
