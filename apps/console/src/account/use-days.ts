import { useSession } from "../session.ts";
import { timeZone as zoneOfBrowser } from "../time-zone.ts";
import { formatDayIn } from "../ui/format.ts";
import { type Days, daysIn } from "./days.ts";

/** The days of the zone that the person has chosen, otherwise of the browser's; and the name of the day of a time. */
export function useDays(): Days & { readonly nameOf: (at: string) => string } {
  const chosen = useSession().session.timeZone;
  const timeZone = chosen !== null && isKnown(chosen) ? chosen : zoneOfBrowser;
  return { ...daysIn(timeZone), nameOf: formatDayIn(timeZone) };
}

/** Whether this browser knows a zone: the server can know more of them. */
function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}
