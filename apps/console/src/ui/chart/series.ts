/** A group of a chart: one action, one source, all others, or all. */
type Group = { readonly key: string; readonly title: string };
/** The values of all groups at one time; null where there is none. */
export type Point = { readonly at: string; readonly values: Readonly<Record<string, number | null>> };

/** What a chart shows. */
export type Series = {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly points: readonly Point[];
  /** How a time and a value read. */
  readonly formatAt: (at: string) => string;
  readonly formatValue: (value: number) => string;
};
