import { toTimes } from "../../day-range.ts";
import { choiceParam, dayParam, optional, textParam } from "../../search-params.ts";
import { isWholeUser } from "./searched.ts";
import { orderStates } from "./types.ts";

/** The filters of the list of orders as they stand in the address. */
export type OrderSearch = ReturnType<typeof orderSearch>;

/** Reads the filters from the address. */
export const orderSearch = (params: Readonly<Record<string, unknown>>) =>
  optional({
    user: textParam(params, "user"),
    state: choiceParam(params, "state", orderStates),
    channel: textParam(params, "channel"),
    from: dayParam(params, "from"),
    to: dayParam(params, "to"),
  });

/** The filters as the operation takes them: a user who is being typed is left out. */
export const toOrderFilter = ({ user, state, channel, from, to }: OrderSearch) => ({
  ...(user !== undefined && isWholeUser(user) && { userId: user }),
  ...(state !== undefined && { state }),
  ...(channel !== undefined && { channel }),
  ...toTimes({ from, to }),
});
