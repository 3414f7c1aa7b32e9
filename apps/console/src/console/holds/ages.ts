/** The ages that the list can be limited to, in seconds. */
export const ages = { hour: 3_600, day: 86_400 } as const;
/** One of these ages. */
export type Age = keyof typeof ages;
