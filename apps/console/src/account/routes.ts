import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { explainWords } from "../explanation/words.ts";
import { keysWords } from "../keys/words.ts";
import { entryKinds } from "../ledger/types.ts";
import { ledgerWords } from "../ledger/words.ts";
import { rootRoute } from "../root-route.ts";
import { choiceParam, optional, textParam } from "../search-params.ts";
import { accountWords } from "../words/account.ts";
import { uiWords } from "../words/ui.ts";
import { monthParam } from "./months.ts";
import { redeemWords } from "./redeem/words.ts";
import { securityWords } from "./security/words.ts";
import { statementsWords } from "./statements/words.ts";
import { topUpWords } from "./topup/words.ts";
import { periods } from "./usage/periods.ts";
import { usageWords } from "./usage/words.ts";

const shell = createRoute({
  getParentRoute: () => rootRoute,
  path: "account",
  component: lazyRouteComponent(() => import("./shell.tsx"), "Shell"),
  loader: () => Promise.all([uiWords.load(), accountWords.load()]),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("./home/home-page.tsx"), "HomePage"),
  loader: ledgerWords.load,
});

const history = createRoute({
  getParentRoute: () => shell,
  path: "history",
  validateSearch: (params) =>
    optional({
      kind: choiceParam(params, "kind", entryKinds),
      month: monthParam(params, "month"),
      action: textParam(params, "action"),
    }),
  component: lazyRouteComponent(() => import("./history/history-page.tsx"), "HistoryPage"),
  loader: ledgerWords.load,
});

const entry = createRoute({
  getParentRoute: () => shell,
  path: "history/$transactionId",
  component: lazyRouteComponent(() => import("./history/entry-page.tsx"), "EntryPage"),
  loader: () => Promise.all([explainWords.load(), ledgerWords.load()]),
});

const usage = createRoute({
  getParentRoute: () => shell,
  path: "usage",
  validateSearch: (params) => optional({ period: choiceParam(params, "period", periods) }),
  component: lazyRouteComponent(() => import("./usage/usage-page.tsx"), "UsagePage"),
  loader: usageWords.load,
});

const redeem = createRoute({
  getParentRoute: () => shell,
  path: "redeem",
  component: lazyRouteComponent(() => import("./redeem/redeem-page.tsx"), "RedeemPage"),
  loader: redeemWords.load,
});

const topUp = createRoute({
  getParentRoute: () => shell,
  path: "topup",
  component: lazyRouteComponent(() => import("./topup/top-up-page.tsx"), "TopUpPage"),
  loader: topUpWords.load,
});

const order = createRoute({
  getParentRoute: () => shell,
  path: "topup/$orderId",
  component: lazyRouteComponent(() => import("./orders/order-page.tsx"), "OrderPage"),
  loader: topUpWords.load,
});

const orders = createRoute({
  getParentRoute: () => shell,
  path: "orders",
  validateSearch: (params) => optional({ order: textParam(params, "order") }),
  component: lazyRouteComponent(() => import("./orders/orders-page.tsx"), "OrdersPage"),
  loader: topUpWords.load,
});

const statements = createRoute({
  getParentRoute: () => shell,
  path: "statements",
  validateSearch: (params) => optional({ month: monthParam(params, "month") }),
  component: lazyRouteComponent(() => import("./statements/statements-page.tsx"), "StatementsPage"),
  loader: () => Promise.all([statementsWords.load(), ledgerWords.load()]),
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: "keys",
  component: lazyRouteComponent(() => import("./keys/keys-page.tsx"), "KeysPage"),
  loader: keysWords.load,
});

const security = createRoute({
  getParentRoute: () => shell,
  path: "security",
  component: lazyRouteComponent(() => import("./security/security-page.tsx"), "SecurityPage"),
  loader: securityWords.load,
});

/** The pages of a user: the table of contents. */
export const accountRoutes = shell.addChildren([
  home,
  history,
  entry,
  topUp,
  order,
  orders,
  usage,
  redeem,
  statements,
  keys,
  security,
]);
