import type { ReadRows, TransferTable } from "@jifen/database";

/** A row by the names of its columns: numbers of 64 bits are decimal text. */
export type AuditedRow = Readonly<Record<string, unknown>>;

/** What is kept of the rows of one owner in one table. */
export type Fold<Kept> = {
  readonly table: TransferTable;
  readonly begin: () => Kept;
  readonly add: (kept: Kept, row: AuditedRow) => void;
};

/** The rows of one owner in several tables; undefined where there are none. */
export type Group<Kept> = { readonly owner: string; readonly kept: readonly (Kept | undefined)[] };

type Folded<Kept> = { readonly owner: string; readonly kept: Kept };

/** Folds consecutive rows with the same first column. Only one owner is in memory at a time. */
async function* fold<Kept>(read: ReadRows, { table, begin, add }: Fold<Kept>): AsyncGenerator<Folded<Kept>> {
  let group: Folded<Kept> | undefined;
  for await (const page of read(table)) {
    for (const values of page) {
      const row = Object.fromEntries(table.columns.map(([name], at) => [name, values[at]]));
      const owner = String(row[table.key[0] ?? ""]);
      if (group?.owner !== owner) {
        if (group) yield group;
        group = { owner, kept: begin() };
      }
      add(group.kept, row);
    }
  }
  if (group) yield group;
}

/** Databases order owners by the bytes of UTF-8, which is not the order of JavaScript. */
const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Joins tables whose rows are read in the order of their first column, owner by owner. */
export async function* mergeGroups<Kept>(read: ReadRows, folds: readonly Fold<Kept>[]): AsyncGenerator<Group<Kept>> {
  const readers = folds.map((each) => fold(read, each));
  const next = await Promise.all(readers.map((reader) => reader.next()));
  for (;;) {
    const owners = next.flatMap(({ done, value }) => (done ? [] : [value.owner]));
    const [owner] = owners.toSorted(compare);
    if (owner === undefined) return;
    const kept: (Kept | undefined)[] = [];
    for (const [at, reader] of readers.entries()) {
      const current = next[at];
      const isNext = current !== undefined && !current.done && current.value.owner === owner;
      kept.push(isNext ? current.value.kept : undefined);
      if (isNext) next[at] = await reader.next();
    }
    yield { owner, kept };
  }
}
