import type { Procedures } from "../../../trpc/procedure.ts";
import { listChannels } from "../channels/list.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { accept } from "./accept.ts";
import { dismiss } from "./dismiss.ts";
import { list } from "./list.ts";
import { resolve } from "./resolve-stray.ts";

/** Procedures about what staff sees and decides of payments. */
export const reviewProcedures = (
  deps: PaymentDeps,
): Pick<Procedures, "adminChannels" | "adminPayments" | "adminReviews" | "adminStrays"> => ({
  adminChannels: { list: listChannels(deps) },
  adminPayments: { accept: accept(deps), dismiss: dismiss(deps) },
  adminReviews: { list: list(deps) },
  adminStrays: { resolve: resolve(deps) },
});
