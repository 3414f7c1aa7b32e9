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

/** A valid input of each operation, for tests that make one field invalid. The operation itself can refuse it. */
const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "adminLogs.find": { logId },
  "adminLogs.list": { userId: other.email, ...logFilters },
  "adminLogs.stats": { userId: other.email, ...logSums },
  "admin.grant": { ...target, amount: 1, source: "admin", expiresAt: "2099-01-01T00:00:00Z", idempotencyKey: "k-1" },
  "admin.revoke": { ...target, amount: 1, idempotencyKey: "k-2" },
  "auditLog.list": {
    actor: "user:a@b.c",
    action: "users.create",
    subject: "user:a@b.c",
    from: "2025-01-01T00:00:00Z",
    to: "2099-01-01T00:00:00Z",
    cursor: "ZXZlbnQteA",
  },
  "auth.changePassword": { currentPassword: "wrong-password", newPassword: "long-enough-1" },
  "auth.confirmRegistration": link,
  "auth.firstAdmin": { ...link, email: "first@example.com", name: "安" },
  "auth.forgotPassword": { email: user.email },
  "auth.login": { email: "unknown@example.com", password: "wrong-password" },
  "auth.logout": {},
  "auth.logoutEverywhere": {},
  "auth.me": {},
  "auth.register": { email: "new@example.com", name: "安" },
  "auth.resetPassword": link,
  "auth.verify": { token: "a.b.c" },
  "credits.balance": {},
  "credits.consume": { amount: 1, action: "video", metadata: { a: 1 }, idempotencyKey: "k-3" },
  "grants.list": { cursor: "Z3JhbnQteA" },
  "health.check": {},
  "holds.capture": { holdId: "hold-1", amount: 1, idempotencyKey: "k-4" },
  "holds.create": { amount: 1, action: "video", ttlSeconds: 60, metadata: { a: 1 }, idempotencyKey: "k-5" },
  "holds.extend": { holdId: "hold-1", ttlSeconds: 60, idempotencyKey: "k-6" },
  "holds.find": { holdId: "hold-1" },
  "holds.release": { holdId: "hold-1", reason: "a test", idempotencyKey: "k-7" },
  "keys.create": { name: "a key", scopes: ["credits:read"], expiresAt: "2099-01-01T00:00:00Z", userId: other.email },
  "keys.list": { userId: admin.email, cursor: "MSBh" },
  "keys.revoke": { keyId: "3fKq9ZtB0xYw", reason: "a test" },
  "keys.rotate": { keyId: "3fKq9ZtB0xYw", overlapSeconds: 0 },
  "logs.batch": { logs: [logEntry], idempotencyKey: "k-10" },
  "logs.create": { ...logEntry, idempotencyKey: "k-8" },
  "logs.find": { logId },
  "logs.list": logFilters,
  "logs.stats": logSums,
  "refunds.create": { transactionId: "txn-1", amount: 1, reason: "a test", idempotencyKey: "k-9" },
  "transactions.find": { transactionId: "txn-1" },
  "transactions.list": { cursor: "MQ" },
  "users.create": { email: "made@example.com", name: "安", role: "user" },
  "users.endSessions": target,
  "users.find": { userId: other.email },
  "users.list": { prefix: "a", role: "user", cursor: "YQ" },
  "users.passwordLink": target,
  "users.remove": { ...target, userId: deletableUser.email },
  "users.resume": target,
  "users.setRole": { ...target, role: "user" },
  "users.suspend": target,
};

/** Every operation with a valid input; undefined for an operation that is missing above. */
export const everyOperation = Object.entries(operations).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => {
    const name = `${noun}.${verb}`;
    return { name, operation: operation as Operation, input: inputs[name] };
  }),
);
