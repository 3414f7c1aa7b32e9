import { DURATION_CLASSES, percentile } from "@jifen/database";
import { isoTime } from "../../values/iso-time.ts";
import type { StatsRange } from "../logs/stats-range.ts";

/** What is added to a point of a series. */
export type SeriesSum = {
  /** The local hour or day, counted from the epoch. */
  readonly unit: number;
  /** The action or the source; null without groups, and for those that have sums together. */
  readonly group: string | null;
  readonly value: number;
  /** How many durations are in each class, where the value of a point is their 95th percentile and not the sum of values. */
  readonly classes?: readonly (number | null)[];
};

type Cell = { value: number; classes: number[] | undefined };
/** The cells of a group by their points. Points without sums have none: a caller can name as many actions as calls. */
type Row = { total: number; readonly cells: Map<number, Cell> };

/** The sums of each group at each point. */
export class SeriesTable {
  readonly #range: StatsRange;
  /** The value of a point without sums. */
  readonly #nothing: number | null;
  readonly #isGrouped: boolean;
  readonly #rows = new Map<string | null, Row>();

  constructor(range: StatsRange, { isGrouped, nothing = 0 }: { isGrouped: boolean; nothing?: number | null }) {
    this.#range = range;
    this.#nothing = nothing;
    this.#isGrouped = isGrouped;
    if (!isGrouped) this.#row(null);
  }

  /** Adds what counts at a point. A group of which nothing counts has no values. */
  add(sum: SeriesSum): void {
    if (sum.value === 0) return;
    const at = this.#range.local.indexOf(sum.unit);
    if (at === undefined) return;
    const row = this.#row(sum.group);
    row.total += sum.value;
    addTo(cellAt(row, at), sum);
  }

  /** The groups with the largest sums, all others as one, and every point. @param top how many groups have a name */
  toOutput(top: number) {
    const { spans } = this.#range.local;
    const together = this.#isGrouped ? this.#rows.get(null) : undefined;
    const named = [...this.#rows].filter(([, row]) => row !== together);
    const sorted = named.toSorted(
      ([one, { total: of }], [other, { total: than }]) => than - of || ((one ?? "") < (other ?? "") ? -1 : 1),
    );
    const groups = sorted
      .slice(0, top)
      .map(([name, row], at) => ({ key: name === null ? "all" : `g${at + 1}`, name, row }));
    const rest = [...sorted.slice(top).map(([, row]) => row), ...(together ? [together] : [])];
    if (rest.length > 0) groups.push({ key: "other", name: null, row: merged(rest) });
    return {
      groups: groups.map(({ key, name }) => ({ key, name })),
      points: spans.map(({ fromMs }, at) => ({
        at: isoTime(fromMs),
        values: Object.fromEntries(groups.map(({ key, row }) => [key, this.#valueOf(row.cells.get(at))])),
      })),
    };
  }

  #valueOf(cell: Cell | undefined): number | null {
    if (!cell || cell.value === 0) return this.#nothing;
    return cell.classes ? percentile(cell.classes, 0.95) : cell.value;
  }

  #row(group: string | null): Row {
    const row = this.#rows.get(group) ?? emptyRow();
    this.#rows.set(group, row);
    return row;
  }
}

const emptyRow = (): Row => ({ total: 0, cells: new Map() });

function cellAt({ cells }: Row, at: number): Cell {
  const cell = cells.get(at) ?? { value: 0, classes: undefined };
  cells.set(at, cell);
  return cell;
}

function addTo(cell: Cell, { value, classes }: Pick<SeriesSum, "value" | "classes">): void {
  cell.value += value;
  if (!classes) return;
  cell.classes ??= Array<number>(DURATION_CLASSES).fill(0);
  for (const [at, count] of classes.entries()) cell.classes[at] = (cell.classes[at] ?? 0) + (count ?? 0);
}

function merged(rows: readonly Row[]): Row {
  const all = emptyRow();
  for (const { cells } of rows) {
    for (const [at, { value, classes }] of cells) addTo(cellAt(all, at), { value, ...(classes && { classes }) });
  }
  return all;
}
