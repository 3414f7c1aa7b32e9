import { choiceParam, optional } from "../../search-params.ts";
import { priceTabs } from "./types.ts";

type Params = Readonly<Record<string, unknown>>;

function versionParam(params: Params, name: string): number | undefined {
  const value = params[name];
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** Reads from the address which version and which part of it is shown. */
export const priceSearch = (params: Params) =>
  optional({ tab: choiceParam(params, "tab", priceTabs), version: versionParam(params, "version") });

/** Reads from the address from which version a draft starts. */
export const draftSearch = (params: Params) => optional({ from: versionParam(params, "from") });
