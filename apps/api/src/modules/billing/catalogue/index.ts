import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { adminFind } from "./admin-find.ts";
import { create } from "./create.ts";
import { diff } from "./diff.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";
import { publish } from "./publish.ts";
import { withdraw } from "./withdraw.ts";

/** Procedures about the catalogue. */
export const catalogueProcedures = (deps: Deps): Pick<Procedures, "adminCatalogues" | "catalogue"> => ({
  adminCatalogues: {
    create: create(deps),
    diff: diff(deps),
    find: adminFind(deps),
    list: list(deps),
    publish: publish(deps),
    withdraw: withdraw(deps),
  },
  catalogue: { find: find(deps) },
});
