import * as admin from "./admin.ts";
import { balance, consume } from "./credits.ts";
import * as grants from "./grants.ts";
import * as holds from "./holds.ts";
import * as refunds from "./refunds.ts";
import * as transactions from "./transactions.ts";

/** The operations on credits, by noun and verb. */
export const creditsOperations = {
  admin: { grant: admin.grant, revoke: admin.revoke },
  credits: { balance, consume },
  grants: { list: grants.list },
  holds: {
    capture: holds.capture,
    create: holds.create,
    extend: holds.extend,
    find: holds.find,
    release: holds.release,
  },
  refunds: { create: refunds.create },
  transactions: { find: transactions.find, list: transactions.list },
} as const;
