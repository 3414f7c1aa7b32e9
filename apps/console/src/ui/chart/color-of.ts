const COLORS = 9;

/** The color of a group by its place: the last one is that of all others. */
export const colorOf = (index: number): string => `var(--chart-${Math.min(index + 1, COLORS)})`;
