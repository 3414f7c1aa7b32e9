import { toTimes } from "../../day-range.ts";
import { choiceParam, dayParam, optional, textParam } from "../../search-params.ts";

/** The filters of the call log as they stand in the address. */
export type LogSearch = ReturnType<typeof logSearch>;

/** Reads the filters from the address. */
export const logSearch = (params: Readonly<Record<string, unknown>>) =>
  optional({
    q: textParam(params, "q"),
    user: textParam(params, "user"),
    action: textParam(params, "action"),
    result: choiceParam(params, "result", ["success", "failure"]),
    from: dayParam(params, "from"),
    to: dayParam(params, "to"),
  });

/** The filters of a form. */
export const logSearchOf = (values: FormData): LogSearch => logSearch(Object.fromEntries(values));

/** The filters as the operations take them. */
export const toLogFilter = ({ q, user, action, result, from, to }: LogSearch) => ({
  ...(q !== undefined && { text: q }),
  ...(user !== undefined && { userId: user }),
  ...(action !== undefined && { action }),
  ...(result !== undefined && { success: result === "success" }),
  ...toTimes({ from, to }),
});
