import { choiceParam, optional } from "../../search-params.ts";
import { reviewKinds } from "./types.ts";

/** Reads the filter of the review list from the address. */
export const reviewSearch = (params: Readonly<Record<string, unknown>>) =>
  optional({ kind: choiceParam(params, "kind", reviewKinds) });
