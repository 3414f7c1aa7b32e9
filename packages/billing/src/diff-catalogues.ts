import type { Catalogue } from "./catalogue.ts";

/** Names that only the new side has, only the old one, and both with different content. */
export type Changes = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
};

/** What differs between two catalogues. */
export type CatalogueDiff = {
  /** By the names of actions. */
  readonly actions: Changes;
  /** By the ids of packs. */
  readonly packs: Changes;
  /** Whether the multipliers differ; their order does not count. */
  readonly multipliers: boolean;
};

/** What `after` has that `before` has not, and the other way round. The order of actions, packs and fields does not count. */
export function diffCatalogues(before: Catalogue, after: Catalogue): CatalogueDiff {
  const multipliersOf = ({ multipliers }: Catalogue) => multipliers.map(textOf).toSorted().join("\n");
  return {
    actions: changesOf(textsBy(before.actions, "action"), textsBy(after.actions, "action")),
    packs: changesOf(textsBy(before.packs, "id"), textsBy(after.packs, "id")),
    multipliers: multipliersOf(before) !== multipliersOf(after),
  };
}

type Texts = ReadonlyMap<string, string>;

const textsBy = <Name extends string>(items: readonly Readonly<Record<Name, string>>[], name: Name): Texts =>
  new Map(items.map((item) => [item[name], textOf(item)]));

const changesOf = (before: Texts, after: Texts): Changes => ({
  added: [...after.keys()].filter((name) => !before.has(name)),
  removed: [...before.keys()].filter((name) => !after.has(name)),
  changed: [...after].flatMap(([name, text]) => (before.has(name) && before.get(name) !== text ? [name] : [])),
});

/** JSON with the fields of every object in one order. The order of rows counts: the first that fits has the price. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
