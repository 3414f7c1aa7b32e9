import * as adminCatalogues from "./admin-catalogues.ts";
import { list as listChannels } from "./channels.ts";
import { end, list as listBatches, make, redeem } from "./codes.ts";
import {
  adminCheck,
  adminFind as adminFindOrder,
  adminList,
  cancel,
  check,
  create,
  find as findOrder,
  list,
} from "./orders.ts";
import { find as findCatalogue } from "./public-catalogue.ts";
import { create as createQuote } from "./quotes.ts";
import * as reversals from "./reversals.ts";
import { accept, dismiss, list as listReviews, resolveStray } from "./reviews.ts";
import { adminFind, find } from "./statements.ts";

/** The operations on billing, by noun and verb. */
export const billingOperations = {
  adminOrders: { check: adminCheck, find: adminFindOrder, list: adminList },
  adminCatalogues: {
    create: adminCatalogues.create,
    diff: adminCatalogues.diff,
    find: adminCatalogues.find,
    list: adminCatalogues.list,
    publish: adminCatalogues.publish,
    withdraw: adminCatalogues.withdraw,
  },
  adminReversals: {
    refund: reversals.refund,
    refundable: reversals.refundable,
    retry: reversals.retry,
    settle: reversals.settle,
  },
  adminChannels: { list: listChannels },
  adminPayments: { accept, dismiss },
  adminReviews: { list: listReviews },
  adminStatements: { find: adminFind },
  adminStrays: { resolve: resolveStray },
  codeBatches: { end, list: listBatches, make },
  codes: { redeem },
  orders: { cancel, check, create, find: findOrder, list },
  catalogue: { find: findCatalogue },
  quotes: { create: createQuote },
  statements: { find },
} as const;
