import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Credits, Time } from "../../ui/figures.tsx";
import { formatNumber, formatTime } from "../../ui/format.ts";
import { Actor } from "../actor.tsx";
import { type Batch, stateOf } from "./types.ts";
import type { CodesTexts } from "./words.ts";

const kinds = { active: "good", waiting: "warn", expired: "plain", ended: "plain" } as const;

const validityOf = (words: CodesTexts, { from, until }: Batch): string =>
  [
    ...(from === null ? [] : [words.from(formatTime(from))]),
    ...(until === null ? [] : [words.until(formatTime(until))]),
  ].join(" ") || words.noEnd;

/** The columns of a list of batches. `end` opens the dialog that ends one. */
export function batchColumns(words: CodesTexts, end: (batch: Batch) => void): readonly Column<Batch>[] {
  const act = (batch: Batch) =>
    stateOf(batch) !== "ended" && (
      <Button className="whitespace-nowrap" onClick={() => end(batch)}>
        {words.end}
      </Button>
    );
  return [
    {
      title: words.madeAt,
      isWide: true,
      cell: ({ madeAt, madeBy }) => (
        <>
          <Time at={madeAt} />
          <span className="block text-muted">
            <Actor actor={madeBy} />
          </span>
        </>
      ),
    },
    {
      title: words.name,
      cell: (batch) => (
        <>
          {batch.name}
          {batch.priceGroup !== null && <span className="block text-muted">{words.group(batch.priceGroup)}</span>}
          <span className="hidden text-muted md:block">
            <CopyId id={batch.batchId} />
          </span>
          <span className="block text-muted md:hidden">{validityOf(words, batch)}</span>
          <span className="mt-1 block md:hidden">{act(batch)}</span>
        </>
      ),
    },
    { title: words.credits, isNumber: true, cell: ({ credits }) => <Credits value={credits} /> },
    {
      title: words.used,
      isNumber: true,
      cell: ({ claims, codes, maxUsesPerCode }) => (
        <>
          {words.usedOf(formatNumber(claims), formatNumber(codes * maxUsesPerCode))}
          <span className="block text-muted">{words.codes(formatNumber(codes))}</span>
        </>
      ),
    },
    { title: words.valid, isWide: true, cell: (batch) => validityOf(words, batch) },
    {
      title: words.state,
      cell: (batch) => <Badge kind={kinds[stateOf(batch)]}>{words.states[stateOf(batch)]}</Badge>,
    },
    { title: words.acts, isWide: true, cell: act },
  ];
}
