import type { JournalRow, ModelRequest, Refusal } from "@jifen/testkit/ledger-model";
import { callRest, type RestAnswer } from "@jifen/testkit/processes";
import type { Answer } from "../checker/event.ts";

/** A user of the test, logged in. */
export type TestUser = { readonly email: string; readonly account: string; readonly token: string };

/** A request for an account of a user. */
export type Call = {
  readonly user: TestUser;
  /** The admin, whose token grants, revokes and refunds. */
  readonly admin: TestUser;
  /** The Idempotency-Key; null without one. */
  readonly key: string | null;
  /** null reads the balance. */
  readonly request: ModelRequest | null;
  /** The X-Request-Id of this attempt. */
  readonly requestId: string;
};

/** Requests that the admin sends. */
export const isByAdmin = ({ request }: Pick<Call, "request">): boolean =>
  request?.kind === "grant" || request?.kind === "revoke" || request?.kind === "refund";

/** What the client knows after a call: an answer, or that the call certainly had no effect. */
export type CallResult = Answer | { readonly is: "nothing done" };

type HttpRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token: string;
  readonly body?: object;
};

const optionalAmount = (amount: number | null) => (amount === null ? {} : { amount });

/** Converts a request into its HTTP request. */
function toHttpRequest({ user, admin, request }: Call): HttpRequest {
  const [byUser, accountPath] = [{ method: "POST", token: user.token } as const, `/admin/users/${user.email}`];
  const byAdmin = { method: "POST", token: admin.token } as const;
  if (request === null) return { method: "GET", path: "/credits/balance", token: user.token };
  switch (request.kind) {
    case "grant": {
      const { amount, priority, expiresAtMs } = request;
      const expires = expiresAtMs === null ? {} : { expiresAt: new Date(expiresAtMs).toISOString() };
      return { ...byAdmin, path: `${accountPath}/grants`, body: { amount, priority, reason: "a gift", ...expires } };
    }
    case "revoke": {
      const { amount, action: reason, bucket, atMost } = request;
      const body = { amount, reason, ...(bucket !== null && { grantId: bucket }), ...(atMost && { atMost }) };
      return { ...byAdmin, path: `${accountPath}/revocations`, body };
    }
    case "consume":
      return { ...byUser, path: "/credits/consume", body: { amount: request.amount, action: request.action } };
    case "hold": {
      const { amount, action, ttlSeconds } = request;
      return { ...byUser, path: "/credits/holds", body: { amount, action, ttlSeconds } };
    }
    case "extend":
      return { ...byUser, path: `/credits/holds/${request.hold}/extend`, body: { ttlSeconds: request.ttlSeconds } };
    case "capture": {
      const metadata = request.metadata === null ? {} : { metadata: JSON.parse(request.metadata) };
      const body = { ...optionalAmount(request.amount), ...metadata };
      return { ...byUser, path: `/credits/holds/${request.hold}/capture`, body };
    }
    case "release":
      return { ...byUser, path: `/credits/holds/${request.hold}/release`, body: {} };
    case "refund": {
      const body = { transactionId: request.charge, ...optionalAmount(request.amount) };
      return { ...byAdmin, path: "/credits/refunds", body };
    }
    default:
      return request satisfies never;
  }
}

const TIMEOUT_MS = 20_000;

/** Sends a request once. Every failure of the connection is a result too: then the outcome is unknown. */
export async function send(url: string, call: Call): Promise<CallResult> {
  const { method, path, token, body } = toHttpRequest(call);
  const headers: Record<string, string> = {
    "x-request-id": call.requestId,
    ...(call.key !== null && { "idempotency-key": call.key }),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await callRest(url, method, path, { token, headers, signal, ...(body ? { body } : {}) });
    return toResult(call, answer);
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string };
    return code === "ECONNREFUSED" ? { is: "nothing done" } : { is: "unknown", lost: String(code ?? message) };
  }
}

function toResult({ request }: Call, { status, headers, body }: RestAnswer): CallResult {
  if (status === 200) {
    if (request === null) return { is: "read", balance: body.balance, held: body.held };
    const replayed = headers.get("idempotency-replayed") === "true";
    return { is: "done", replayed, ...toEffect(request, body) };
  }
  if (status === 503 && !headers.has("retry-after")) return { is: "failed", error: "503 without Retry-After" };
  if (status === 503) return body.code === "OUTCOME_UNKNOWN" ? { is: "unknown" } : { is: "nothing done" };
  // A grant whose expiry has passed, because a fault delayed the request.
  if (request?.kind === "grant" && body.code === "VALIDATION_FAILED") {
    return { is: "refused", refusal: { code: "EXPIRY_PASSED" } };
  }
  if (status >= 400 && status < 500) return { is: "refused", refusal: toRefusal(body) };
  return { is: "failed", error: `${status} ${JSON.stringify(body).slice(0, 200)}` };
}

function toRefusal({ message: _, requestId: __, resolvedAt, ...rest }: Record<string, unknown>): Refusal {
  return { ...rest, ...(typeof resolvedAt === "string" ? { resolvedAtMs: Date.parse(resolvedAt) } : {}) } as Refusal;
}

type Effect = { readonly entryId: string; readonly entry: Partial<JournalRow>; readonly spendable?: number };

/** Stands for the entry's id in answers about holds, which contain the hold's id instead. The entry is found by its key. */
export const NO_ENTRY_ID = "";

function toEffect(request: ModelRequest, body: RestAnswer["body"]): Effect {
  const { transactionId: entryId, balance } = body;
  switch (request.kind) {
    case "grant":
      return { entryId, entry: { subject: body.grantId, balanceAfter: balance } };
    case "revoke":
      return { entryId, entry: { amount: body.revoked, balanceAfter: balance } };
    case "consume":
      return { entryId, entry: { balanceAfter: balance } };
    case "hold":
    case "extend": {
      const entry = { subject: body.holdId, balanceAfter: balance, heldAfter: body.held };
      return { entryId: NO_ENTRY_ID, entry: { ...entry, expiresAtMs: Date.parse(body.expiresAt) } };
    }
    case "capture": {
      const entry = { amount: body.captured, heldAfter: body.held, expiredOnReturn: body.expiredOnReturn };
      return { entryId, entry, spendable: balance };
    }
    case "release": {
      const entry = { amount: body.released, heldAfter: body.held, expiredOnReturn: body.expiredOnReturn };
      return { entryId, entry, spendable: balance };
    }
    case "refund": {
      const entry = { amount: body.refunded, expiredOnReturn: body.expiredOnReturn };
      return { entryId, entry, spendable: balance };
    }
    default:
      return request satisfies never;
  }
}
