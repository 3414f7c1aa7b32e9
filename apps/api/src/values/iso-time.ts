/** A moment as answers carry it: ISO 8601 in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** A moment that may never come. */
export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
