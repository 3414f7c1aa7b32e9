/** The ranges of the overview, in days. */
export const ranges = ["7", "30", "90"] as const;
/** A range of the overview. */
export type Range = (typeof ranges)[number];
