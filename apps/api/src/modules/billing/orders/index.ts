import type { Procedures } from "../../../trpc/procedure.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { adminCheck } from "./admin-check.ts";
import { adminFind } from "./admin-find.ts";
import { adminList } from "./admin-list.ts";
import { cancel } from "./cancel.ts";
import { check } from "./check.ts";
import { create } from "./create.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";

/** Procedures about orders. */
export const orderProcedures = (deps: PaymentDeps): Pick<Procedures, "adminOrders" | "orders"> => ({
  adminOrders: { check: adminCheck(deps), find: adminFind(deps), list: adminList(deps) },
  orders: { cancel: cancel(deps), check: check(deps), create: create(deps), find: find(deps), list: list(deps) },
});
