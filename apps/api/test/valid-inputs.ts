import { type Operation, operations } from "@jifen/contract";
import { admin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

/** A user that inputs delete. */
const deletableUser = { email: "leaver@example.com", password: "password000" };
/** A user that no input names. */
export const bystander = { email: "bystander@example.com", password: "password111" };
/** The users that the inputs need; `admin` sends them. */
export const inputUsers = [user, other, admin, deletableUser, bystander];

const target = { userId: other.email, reason: "a test" };
const link = {
  token: `${Buffer.from(user.email).toString("base64url")}.${"A".repeat(43)}`,
  newPassword: "long-enough-1",
};

const logId = "log-01a204b4-52c2-765e-9ff6-3a127379f980";
const orderId = "01a204b452c2765e9ff63a127379f980";
const orderFilters = {
  state: "open",
  from: "2025-01-01T00:00:00Z",
  to: "2099-01-01T00:00:00Z",
  cursor: Buffer.from(orderId).toString("base64url"),
};
const logEntry = {
  userId: admin.email,
  action: "video",
  details: { a: 1 },
  success: true,
  timestamp: "2025-01-01T00:00:00Z",
  transactionId: "txn-1",
  durationMs: 5,
  reference: "job-1",
};
const logFilters = {
  action: "video",
  success: true,
  from: "2025-01-01T00:00:00Z",
  to: "2099-01-01T00:00:00Z",
  transactionId: "txn-1",
  reference: "job-1",
  text: "a text",
  cursor: Buffer.from(logId).toString("base64url"),
};

const logSums = {
  from: "2026-01-01",
  to: "2026-02-01",
  groupBy: "day",
  tz: "Asia/Kathmandu",
  action: "video",
  by: "action",
};

const codeTimes = {
  validDays: 1,
  priority: 50,
  source: "code",
  maxUsesPerCode: 1,
  maxPerUser: 1,
  from: "2099-01-01T00:00:00Z",
  until: "2099-02-01T00:00:00Z",
};

const days = { from: "2026-01-01", to: "2026-01-03", tz: "Asia/Kathmandu" };

const statement = { month: "2026-01", tz: "Asia/Kathmandu", format: "json" };

/** A valid input of each operation, for tests that make one field invalid. The operation itself can refuse it. */
const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "accounts.explain": { transactionId: "txn-1" },
  "accounts.find": { userId: other.email },
  "accounts.grants": { userId: other.email, open: true, cursor: "Z3JhbnQteA" },
  "accounts.holds": { userId: other.email, state: "pending", cursor: Buffer.from("hold-1").toString("base64url") },
  "accounts.transactions": { userId: other.email, kind: "consume", action: "video", cursor: "MQ" },
  "adminCatalogues.create": { document: { actions: [] }, note: "a test" },
  "adminCatalogues.diff": { version: 1, against: 1 },
  "adminCatalogues.find": { version: 1 },
  "adminCatalogues.list": { cursor: "MQ" },
  "adminCatalogues.publish": { version: 1, effectiveFrom: "2099-01-01T00:00:00Z", reason: "a test" },
  "adminCatalogues.withdraw": { version: 1, reason: "a test" },
  "adminChannels.list": {},
  "adminLogs.find": { logId },
  "adminLogs.list": { userId: other.email, ...logFilters },
  "adminLogs.stats": { userId: other.email, ...logSums },
  "adminOrders.check": { orderId },
  "adminOrders.find": { orderId },
  "adminOrders.list": { ...orderFilters, userId: other.email, channel: "epay" },
  "adminReversals.refund": {
    ...{ paymentId: `pay-${orderId}`, amountMinor: 5, goodwill: true, keepCredits: false, byHand: false },
    ...{ reason: "a test", note: "a note", idempotencyKey: "k-12" },
  },
  "adminReversals.refundable": { paymentId: `pay-${orderId}` },
  "adminReversals.retry": { reversalId: orderId, reason: "a test" },
  "adminReversals.settle": { reversalId: orderId, reason: "a test" },
  "adminPayments.accept": { paymentId: "pay-1", reason: "a test" },
  "adminPayments.dismiss": { paymentId: "pay-1", reason: "a test" },
  "adminReviews.list": { kind: "payment", cursor: Buffer.from("1 payment pay-1").toString("base64url") },
  "adminStatements.find": { userId: other.email, ...statement },
  "adminStrays.resolve": { channel: "epay", merchant: "m:1", txnId: "T1", note: "a test" },
  "admin.grantMany": {
    entries: [{ userId: user.email, amount: 2 }, { userId: other.email }],
    amount: 1,
    source: "bonus",
    priority: 10,
    expiresAt: "2099-01-01T00:00:00Z",
    reason: "a campaign",
    note: "a note",
    idempotencyKey: "k-many",
  },
  "admin.grant": {
    ...target,
    amount: 1,
    source: "admin",
    expiresAt: "2099-01-01T00:00:00Z",
    note: "a note",
    idempotencyKey: "k-1",
  },
  "admin.releaseHold": {
    userId: other.email,
    holdId: "hold-1",
    reason: "a test",
    note: "a note",
    idempotencyKey: "k-13",
  },
  "admin.revoke": { ...target, amount: 1, note: "a note", idempotencyKey: "k-2" },
  "auditLog.list": {
    actor: "user:a@b.c",
    action: "users.create",
    subject: "user:a@b.c",
    from: "2025-01-01T00:00:00Z",
    to: "2099-01-01T00:00:00Z",
    cursor: "ZXZlbnQteA",
  },
  "auth.changePassword": { currentPassword: "wrong-password", newPassword: "long-enough-1" },
  "auth.changePreferences": { language: "en", timeZone: "Asia/Shanghai" },
  "auth.confirmRegistration": link,
  "auth.firstAdmin": { ...link, email: "first@example.com", name: "安" },
  "auth.forgotPassword": { email: user.email },
  "auth.login": { email: "unknown@example.com", password: "wrong-password" },
  "auth.rename": { name: "安娜" },
  "auth.logout": {},
  "auth.logoutEverywhere": {},
  "auth.me": {},
  "auth.preferences": {},
  "auth.register": { email: "new@example.com", name: "安" },
  "auth.resetPassword": link,
  "auth.signIns": {},
  "auth.verify": { token: "a.b.c" },
  "balanceAlerts.find": {},
  "balanceAlerts.set": { threshold: 5 },
  "codeBatches.end": { batchId: "batch-1", reason: "a test" },
  "codeBatches.list": { cursor: "YmF0Y2gteA" },
  "codeBatches.make": { name: "codes", credits: 1, codes: 1, priceGroup: "vip", reason: "a test", ...codeTimes },
  "codes.redeem": { code: "00000-00000-00000-00000" },
  "catalogue.find": { language: "en" },
  "credits.balance": {},
  "credits.consume": { amount: 1, action: "video", metadata: { a: 1 }, idempotencyKey: "k-3" },
  "credits.usage": { ...days, measure: "refunded", by: "month", group: "action", top: 3 },
  "exports.create": {
    ...{ what: "logs", scope: "all", format: "csv" },
    filter: { from: "2025-01-01T00:00:00Z", tz: "Asia/Kathmandu", details: true },
  },
  "grants.list": { cursor: "Z3JhbnQteA" },
  "health.check": {},
  "holds.capture": { holdId: "hold-1", amount: 1, idempotencyKey: "k-4" },
  "holds.create": { amount: 1, action: "video", ttlSeconds: 60, metadata: { a: 1 }, idempotencyKey: "k-5" },
  "holds.extend": { holdId: "hold-1", ttlSeconds: 60, idempotencyKey: "k-6" },
  "holds.find": { holdId: "hold-1" },
  "holds.list": { state: "pending", cursor: Buffer.from("hold-1").toString("base64url") },
  "holds.listOpen": { olderThanSeconds: 60, cursor: Buffer.from("hold-1").toString("base64url") },
  "holds.release": { holdId: "hold-1", reason: "a test", idempotencyKey: "k-7" },
  "keys.change": {
    keyId: "3fKq9ZtB0xYw",
    name: "a key",
    scopes: ["credits:read"],
    expiresAt: "2099-01-01T00:00:00Z",
  },
  "keys.create": {
    name: "a key",
    scopes: ["credits:grant"],
    grantLimitPerDay: 100,
    ...{ expiresAt: "2099-01-01T00:00:00Z", userId: admin.email },
  },
  "keys.list": { userId: admin.email, all: true, state: "expiring", cursor: "MSBh" },
  "keys.revoke": { keyId: "3fKq9ZtB0xYw", reason: "a test" },
  "keys.rotate": { keyId: "3fKq9ZtB0xYw", overlapSeconds: 0 },
  "logs.batch": { logs: [logEntry], idempotencyKey: "k-10" },
  "logs.create": { ...logEntry, idempotencyKey: "k-8" },
  "logs.find": { logId },
  "logs.list": logFilters,
  "logs.stats": logSums,
  "orders.cancel": { orderId },
  "orders.check": { orderId },
  "orders.create": { packId: "p100", channel: "epay", method: "alipay", currency: "CNY", idempotencyKey: "k-11" },
  "orders.find": { orderId },
  "orders.list": orderFilters,
  "quotes.create": { action: "video", params: { seconds: 5 } },
  "refunds.create": { transactionId: "txn-1", amount: 1, reason: "a test", note: "a note", idempotencyKey: "k-9" },
  "session.changePassword": { currentPassword: "wrong-password", newPassword: "tr0ub4dor-and-3" },
  "session.confirm": { password: "wrong-password" },
  "session.current": {},
  "stats.overview": days,
  "stats.series": { ...days, measure: "spent", by: "day", group: "action", top: 3 },
  "stats.top": { ...days, of: "action", measure: "calls" },
  "statements.find": statement,
  "search.find": { q: "txn-1" },
  "system.audits": {},
  "system.doctor": {},
  "system.settings": {},
  "system.startAudit": {},
  "system.status": {},
  "system.testMail": {},
  "transactions.find": { transactionId: "txn-1" },
  "transactions.list": { cursor: "MQ" },
  "users.create": { email: "made@example.com", name: "安", role: "user" },
  "users.endSessions": target,
  "users.find": { userId: other.email, with: "balance" },
  "users.list": { prefix: "a", role: "user", state: "active", order: "id", with: "balance", cursor: "YQ" },
  "users.passwordLink": target,
  "users.remove": { ...target, userId: deletableUser.email },
  "users.resume": target,
  "users.rename": { ...target, name: "安娜" },
  "users.setPriceGroup": { ...target, priceGroup: "vip" },
  "users.setRole": { ...target, role: "user" },
  "users.suspend": target,
  "webhooks.create": { url: "https://203.0.113.1/hook", events: ["code.redeemed"], allUsers: false },
  "webhooks.deliveries": { endpointId: "endpoint-1", cursor: "ZXZ0LTE" },
  "webhooks.end": { endpointId: "endpoint-1" },
  "webhooks.list": {},
  "webhooks.replay": { deliveryId: "endpoint-1-evt-1" },
  "webhooks.replaySince": { endpointId: "endpoint-1", since: "2025-01-01T00:00:00Z" },
  "webhooks.rotate": { endpointId: "endpoint-1", overlapSeconds: 0 },
  "webhooks.test": { endpointId: "endpoint-1" },
};

/** Every operation with a valid input; undefined for an operation that is missing above. */
export const everyOperation = Object.entries(operations).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => {
    const name = `${noun}.${verb}`;
    return { name, operation: operation as Operation, input: inputs[name] };
  }),
);
