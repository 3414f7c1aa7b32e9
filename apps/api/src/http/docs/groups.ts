import type { Wording } from "@jifen/contract";

/** The pages of the documentation, by their paths: what sites and users call, and what staff and operators call. */
export const pageNames = ["docs", "docs-staff"] as const;
export type PageName = (typeof pageNames)[number];

/** Operations that belong together, in the order in which a reader needs them. */
export type Group = {
  readonly id: string;
  readonly page: PageName;
  readonly title: Wording;
  readonly nouns: readonly string[];
};

/** The groups of the documentation. Every noun of the contract is in exactly one of them. */
export const groups: readonly Group[] = [
  {
    id: "credits",
    page: "docs",
    title: { zh: "积分", en: "Credits" },
    nouns: ["credits", "holds", "refunds", "grants", "transactions"],
  },
  { id: "logs", page: "docs", title: { zh: "调用日志", en: "Call logs" }, nouns: ["logs"] },
  {
    id: "sign-in",
    page: "docs",
    title: { zh: "登录与密钥", en: "Sign-in and keys" },
    nouns: ["auth", "keys", "session"],
  },
  {
    id: "billing",
    page: "docs",
    title: { zh: "价格与购买", en: "Prices and purchases" },
    nouns: ["catalogue", "quotes", "orders", "codes", "statements", "balanceAlerts"],
  },
  {
    id: "events",
    page: "docs",
    title: { zh: "事件与文件", en: "Events and files" },
    nouns: ["live", "webhooks", "exports"],
  },
  { id: "health", page: "docs", title: { zh: "健康检查", en: "Health" }, nouns: ["health"] },
  {
    id: "accounts",
    page: "docs-staff",
    title: { zh: "员工：账户与日志", en: "Staff: accounts and logs" },
    nouns: ["search", "accounts", "admin", "adminLogs"],
  },
  { id: "users", page: "docs-staff", title: { zh: "员工：用户", en: "Staff: users" }, nouns: ["users", "auditLog"] },
  {
    id: "payments",
    page: "docs-staff",
    title: { zh: "员工：价格与付款", en: "Staff: prices and payments" },
    nouns: [
      "adminCatalogues",
      "adminOrders",
      "adminReviews",
      "adminPayments",
      "adminReversals",
      "adminStrays",
      "adminChannels",
      "adminStatements",
      "codeBatches",
    ],
  },
  { id: "statistics", page: "docs-staff", title: { zh: "员工：统计", en: "Staff: statistics" }, nouns: ["stats"] },
  { id: "system", page: "docs-staff", title: { zh: "运维：系统", en: "Operations: the system" }, nouns: ["system"] },
];

/** The routes of a group, in the order of its nouns. */
export const routesOfGroup = <Route extends { readonly noun: string }>(
  { nouns }: Group,
  routes: readonly Route[],
): readonly Route[] => nouns.flatMap((noun) => routes.filter((route) => route.noun === noun));
