import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { usePages } from "../../use-pages.ts";
import { batchColumns } from "./batch-columns.tsx";
import { EndBatch } from "./end-batch.tsx";
import type { Batch } from "./types.ts";
import { codesWords } from "./words.ts";

/** The batches of redemption codes, and how often they were redeemed. */
export function CodesPage() {
  const words = codesWords.useWords();
  const [ending, setEnding] = useState<Batch>();
  const batches = usePages({
    key: ["codeBatches.list"],
    read: (cursor) => jifen.codeBatches.list.query({ limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <Page
      title={words.title}
      actions={
        <ButtonLink to="/console/codes/new" look="primary">
          {words.make}
        </ButtonLink>
      }
    >
      <List
        pages={batches}
        caption={words.table}
        rowKey={({ batchId }) => batchId}
        columns={batchColumns(words, setEnding)}
        empty={words.empty}
      />
      {ending && <EndBatch batch={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}
