/** A pseudo-random source with a seed, so that runs with the same seed make the same choices (mulberry32). */
export type Random = {
  /** A whole number from 0 to `end` - 1. */
  below(end: number): number;
  /** One of the values. */
  of<Value>(all: readonly Value[]): Value;
};

/** Creates a source. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
  return { below, of: (all) => all[below(all.length)] as (typeof all)[number] };
}
