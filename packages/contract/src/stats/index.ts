import { overview } from "./overview.ts";
import { series } from "./series.ts";
import { top } from "./top.ts";

/** The operations on the numbers of the installation, by noun and verb. */
export const statsOperations = { stats: { overview, series, top } } as const;
