import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { explainWords } from "../explanation/words.ts";
import { keyStates } from "../keys/types.ts";
import { keysWords } from "../keys/words.ts";
import { ledgerWords } from "../ledger/words.ts";
import { choiceParam, optional, textParam } from "../search-params.ts";
import { auditSearch } from "./audit/audit-search.ts";
import { auditWords } from "./audit/words.ts";
import { billingRoutes } from "./billing-routes.ts";
import { holdsWords } from "./holds/words.ts";
import { logSearch } from "./logs/log-filter.ts";
import { logsWords } from "./logs/words.ts";
import { ordersWords } from "./orders/words.ts";
import { ranges } from "./overview/ranges.ts";
import { overviewWords } from "./overview/words.ts";
import { shell } from "./shell-route.ts";
import { systemWords } from "./system/words.ts";
import { giveManyWords } from "./users/give-many/words.ts";
import { userSearch } from "./users/user-search.ts";
import { userTabs } from "./users/user-tabs.ts";
import { usersWords } from "./users/words.ts";

const overview = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: (params) => optional({ days: choiceParam(params, "days", ranges) }),
  component: lazyRouteComponent(() => import("./overview/overview-page.tsx"), "OverviewPage"),
  loader: overviewWords.load,
});

const users = createRoute({
  getParentRoute: () => shell,
  path: "users",
  validateSearch: userSearch,
  component: lazyRouteComponent(() => import("./users/users-page.tsx"), "UsersPage"),
  loader: usersWords.load,
});

const newUser = createRoute({
  getParentRoute: () => shell,
  path: "users/new",
  staticData: { roles: ["admin"] },
  component: lazyRouteComponent(() => import("./users/new-user-page.tsx"), "NewUserPage"),
  loader: usersWords.load,
});

const giveMany = createRoute({
  getParentRoute: () => shell,
  path: "users/give",
  staticData: { roles: ["finance", "admin"] },
  component: lazyRouteComponent(() => import("./users/give-many/give-many-page.tsx"), "GiveManyPage"),
  loader: () => Promise.all([usersWords.load(), giveManyWords.load()]),
});

const user = createRoute({
  getParentRoute: () => shell,
  path: "users/$userId",
  validateSearch: (params) => optional({ tab: choiceParam(params, "tab", userTabs), id: textParam(params, "id") }),
  component: lazyRouteComponent(() => import("./users/user-page.tsx"), "UserPage"),
  loader: () =>
    Promise.all([usersWords, ledgerWords, logsWords, keysWords, auditWords, ordersWords].map(({ load }) => load())),
});

const transaction = createRoute({
  getParentRoute: () => shell,
  path: "transactions/$transactionId",
  component: lazyRouteComponent(() => import("./transactions/explain-page.tsx"), "ExplainPage"),
  loader: () => Promise.all([explainWords.load(), ledgerWords.load(), usersWords.load()]),
});

const logs = createRoute({
  getParentRoute: () => shell,
  path: "logs",
  validateSearch: logSearch,
  component: lazyRouteComponent(() => import("./logs/logs-page.tsx"), "LogsPage"),
  loader: logsWords.load,
});

const log = createRoute({
  getParentRoute: () => shell,
  path: "logs/$logId",
  component: lazyRouteComponent(() => import("./logs/log-page.tsx"), "LogPage"),
  loader: logsWords.load,
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: "keys",
  staticData: { roles: ["admin"] },
  validateSearch: (params) => optional({ q: textParam(params, "q"), state: choiceParam(params, "state", keyStates) }),
  component: lazyRouteComponent(() => import("./keys/keys-page.tsx"), "KeysPage"),
  loader: keysWords.load,
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "audit",
  staticData: { roles: ["admin"] },
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./audit/audit-page.tsx"), "AuditPage"),
  loader: auditWords.load,
});

const holds = createRoute({
  getParentRoute: () => shell,
  path: "holds",
  validateSearch: (params) => optional({ older: choiceParam(params, "older", ["hour", "day"]) }),
  component: lazyRouteComponent(() => import("./holds/holds-page.tsx"), "HoldsPage"),
  loader: () => Promise.all([holdsWords, ledgerWords, usersWords].map(({ load }) => load())),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: "system",
  staticData: { roles: ["admin"] },
  component: lazyRouteComponent(() => import("./system/system-page.tsx"), "SystemPage"),
  loader: systemWords.load,
});

/** The pages of the console: the table of contents. Each loads its texts together with its code. */
export const consoleRoutes = shell.addChildren([
  overview,
  holds,
  users,
  newUser,
  giveMany,
  user,
  transaction,
  logs,
  log,
  keys,
  audit,
  system,
  ...billingRoutes,
]);
