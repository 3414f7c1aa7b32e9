/** The zone of the browser: days are cut in it, by the server. */
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const day = new Intl.DateTimeFormat("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" });

/** The last days as a range of dates in the browser's zone, today included; `to` is the first day that is not. */
export function lastDays(
  days: number,
  nowMs = Date.now(),
): { readonly from: string; readonly to: string; readonly tz: string } {
  const at = (offset: number) => {
    const date = new Date(nowMs);
    date.setDate(date.getDate() + offset);
    return day.format(date);
  };
  return { from: at(1 - days), to: at(1), tz: timeZone };
}
