import type { Procedures } from "../../trpc/procedure.ts";
import type { ImplementedStreams } from "../../trpc/stream.ts";
import { adminProcedures } from "./admin/index.ts";
import { balanceAlertProcedures } from "./alerts/index.ts";
import type { Deps, StreamDeps } from "./deps.ts";
import { grantsProcedures } from "./grants/index.ts";
import { holdsProcedures } from "./holds/index.ts";
import { refundsProcedures } from "./refunds/index.ts";
import { spendingProcedures } from "./spending/index.ts";
import { exportTransactions } from "./transactions/export.ts";
import { transactionsProcedures } from "./transactions/index.ts";

/** Procedures of the credits module. */
export const creditsProcedures = (
  deps: Deps,
): Pick<Procedures, "admin" | "balanceAlerts" | "credits" | "grants" | "holds" | "refunds" | "transactions"> => ({
  admin: adminProcedures(deps),
  balanceAlerts: balanceAlertProcedures(deps),
  credits: spendingProcedures(deps),
  grants: grantsProcedures(deps),
  holds: holdsProcedures(deps),
  refunds: refundsProcedures(deps),
  transactions: transactionsProcedures(deps),
});

/** Streams of the credits module. */
export const creditsStreams = (deps: StreamDeps): Pick<ImplementedStreams, "transactions"> => ({
  transactions: { export: exportTransactions(deps) },
});
