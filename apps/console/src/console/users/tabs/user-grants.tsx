import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { grantColumns } from "../../../ledger/grant-columns.tsx";
import { ledgerWords } from "../../../ledger/words.ts";
import { List } from "../../../ui/list.tsx";
import { setFilters } from "../../../ui/set-filters.ts";
import { usePages } from "../../../use-pages.ts";

/** The grants of a user. */
export function UserGrants({ userId, markedId }: { readonly userId: string; readonly markedId?: string | undefined }) {
  const words = ledgerWords.useWords();
  const [open, setOpen] = useState(false);
  const grants = usePages({
    key: ["accounts.grants", userId, open],
    read: (cursor) => jifen.accounts.grants.query({ userId, open, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={open}
          onChange={({ target }) => setOpen(target.checked)}
          className="accent-seal"
        />
        {words.onlyOpen}
      </label>
      <List
        pages={grants}
        caption={words.grants}
        rowKey={({ grantId }) => grantId}
        markedKey={markedId}
        columns={grantColumns(words)}
        empty={words.noGrants}
        filters={setFilters({ [words.filters]: open ? words.onlyOpen : undefined }, () => setOpen(false))}
      />
    </>
  );
}
