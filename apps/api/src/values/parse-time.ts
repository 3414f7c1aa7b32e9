/** A time in text as epoch milliseconds; nothing stays nothing. */
export const parseTime = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);
