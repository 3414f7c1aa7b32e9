/** Parses an ISO 8601 time to epoch milliseconds; undefined stays undefined. */
export const parseTime = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);
