import type { Procedures } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { overview } from "./overview.ts";
import { series } from "./series.ts";
import { top } from "./top.ts";

/** Procedures about the numbers of the installation, for staff. */
export const statsProcedures = (deps: Deps): Pick<Procedures, "stats"> => ({
  stats: { overview: overview(deps), series: series(deps), top: top(deps) },
});
