import { formatDay } from "./format.ts";

/** The filters of a list that are set, and how to clear them. */
export type SetFilters = {
  readonly items: readonly { readonly name: string; readonly value: string }[];
  readonly clear: () => void;
};

/**
 * Collects the filters that are set; undefined when none is.
 * @param fields the values in words by the names of their fields; undefined for a filter that is not set
 */
export function setFilters(
  fields: Readonly<Record<string, string | undefined>>,
  clear: () => void,
): SetFilters | undefined {
  const items = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return items.length === 0 ? undefined : { items, clear };
}

/** The days of a range as fields of `setFilters`. */
export const dayFields = (
  labels: { readonly from: string; readonly to: string },
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): Readonly<Record<string, string | undefined>> => ({
  [labels.from]: from && formatDay(`${from}T00:00`),
  [labels.to]: to && formatDay(`${to}T00:00`),
});
