import { roles } from "../../roles.ts";
import { choiceParam, optional, textParam } from "../../search-params.ts";

/** Whether users are suspended. */
export const userStates = ["active", "suspended"] as const;

/** Reads the filters of the list of users from the address, or from its form. */
export const userSearch = (params: Readonly<Record<string, unknown>>) =>
  optional({
    q: textParam(params, "q"),
    role: choiceParam(params, "role", roles),
    state: choiceParam(params, "state", userStates),
  });

/** The filters as the operation takes them. */
export const toUserFilter = ({ q, role, state }: ReturnType<typeof userSearch>) => ({
  ...(q !== undefined && { prefix: q }),
  ...(role !== undefined && { role }),
  ...(state !== undefined && { state }),
});
