import { usage } from "../stats/usage.ts";
import * as admin from "./admin.ts";
import * as balanceAlerts from "./balance-alerts.ts";
import { balance, consume } from "./credits.ts";
import { grantMany } from "./grant-many.ts";
import * as grants from "./grants.ts";
import * as holds from "./holds.ts";
import * as refunds from "./refunds.ts";
import * as transactions from "./transactions.ts";

/** The operations on credits, by noun and verb. */
export const creditsOperations = {
  admin: { grant: admin.grant, grantMany, releaseHold: admin.releaseHold, revoke: admin.revoke },
  balanceAlerts: { find: balanceAlerts.find, set: balanceAlerts.set },
  credits: { balance, consume, usage },
  grants: { list: grants.list },
  holds: {
    capture: holds.capture,
    create: holds.create,
    extend: holds.extend,
    find: holds.find,
    list: holds.list,
    listOpen: holds.listOpen,
    release: holds.release,
  },
  refunds: { create: refunds.create },
  transactions: { find: transactions.find, list: transactions.list },
} as const;

/** The streams of credits, by noun and verb. */
export const creditsStreams = {
  transactions: { export: transactions.exportTransactions },
} as const;
