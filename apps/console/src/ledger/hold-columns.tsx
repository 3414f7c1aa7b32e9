import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { Credits, Time } from "../ui/figures.tsx";
import type { Hold } from "./types.ts";
import type { ledgerWords } from "./words.ts";

const badges = { pending: "warn", captured: "good", released: "plain", expired: "plain" } as const;

/** The columns of a list of holds. */
export const holdColumns = <Row extends Hold>(
  words: ReturnType<typeof ledgerWords.useWords>,
): readonly Column<Row>[] => [
  { title: words.time, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: words.what, cell: ({ action }) => action },
  { title: words.state, cell: ({ state }) => <Badge kind={badges[state]}>{words.holdStates[state]}</Badge> },
  { title: words.amount, isNumber: true, cell: ({ amount }) => <Credits value={amount} /> },
  { title: words.captured, isNumber: true, cell: ({ captured }) => <Credits value={captured} /> },
  { title: words.expires, isWide: true, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
];
