import type { Procedures } from "../../trpc/procedure.ts";
import { catalogueProcedures } from "./catalogue/index.ts";
import { end } from "./code-batches/end.ts";
import { list } from "./code-batches/list.ts";
import { make } from "./code-batches/make.ts";
import { redeem } from "./codes/redeem.ts";
import type { Deps } from "./deps.ts";
import { orderProcedures } from "./orders/index.ts";
import { create as createQuote } from "./quotes/create.ts";
import { reversalProcedures } from "./reversals/index.ts";
import { reviewProcedures } from "./reviews/index.ts";
import { adminFind } from "./statements/admin-find.ts";
import { find } from "./statements/find.ts";

/** Procedures of the billing module. */
export const billingProcedures = (
  deps: Deps,
): Pick<
  Procedures,
  | "adminCatalogues"
  | "adminChannels"
  | "adminOrders"
  | "adminReversals"
  | "adminPayments"
  | "adminReviews"
  | "adminStatements"
  | "adminStrays"
  | "catalogue"
  | "codeBatches"
  | "codes"
  | "orders"
  | "quotes"
  | "statements"
> => ({
  ...orderProcedures(deps.payments),
  ...reversalProcedures(deps.payments),
  ...reviewProcedures(deps.payments),
  ...catalogueProcedures(deps),
  codeBatches: { end: end(deps), list: list(deps), make: make(deps) },
  codes: { redeem: redeem(deps) },
  adminStatements: { find: adminFind(deps) },
  quotes: { create: createQuote(deps) },
  statements: { find: find(deps) },
});
