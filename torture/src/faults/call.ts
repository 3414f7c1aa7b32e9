import type { JournalRow, ModelRequest, Refusal } from "@jifen/testkit/ledger-model";
import { callRest, type RestAnswer } from "@jifen/testkit/processes";
import type { Answer } from "../checker/event.ts";

/** Somebody who may ask, or be asked about. */
export type Person = { readonly email: string; readonly account: string; readonly token: string };

/** A request on its way to a server. */
export type Call = {
  readonly person: Person;
  /** Whose token gives and takes credits. */
  readonly admin: Person;
  readonly key: string | null;
  /** null: a look at the balance. */
  readonly request: ModelRequest | null;
};

/** An answer, or that certainly nothing was done. */
export type Heard = Answer | { readonly is: "nothing done" };

type Way = { readonly method: "GET" | "POST"; readonly path: string; readonly token: string; readonly body?: object };

const part = (amount: number | null) => (amount === null ? {} : { amount });

/** How a request is put to a server. */
function wayOf({ person, admin, request }: Call): Way {
  const [own, granted] = [{ method: "POST", token: person.token } as const, `/admin/users/${person.email}`];
  const byAdmin = { method: "POST", token: admin.token } as const;
  if (request === null) return { method: "GET", path: "/credits/balance", token: person.token };
  switch (request.kind) {
    case "grant": {
      const { amount, priority, expiresAtMs } = request;
      const expires = expiresAtMs === null ? {} : { expiresAt: new Date(expiresAtMs).toISOString() };
      return { ...byAdmin, path: `${granted}/grants`, body: { amount, priority, reason: "a gift", ...expires } };
    }
    case "revoke":
      return { ...byAdmin, path: `${granted}/revocations`, body: { amount: request.amount, reason: request.action } };
    case "consume":
      return { ...own, path: "/credits/consume", body: { amount: request.amount, action: request.action } };
    case "hold": {
      const { amount, action, ttlSeconds } = request;
      return { ...own, path: "/credits/holds", body: { amount, action, ttlSeconds } };
    }
    case "extend":
      return { ...own, path: `/credits/holds/${request.hold}/extend`, body: { ttlSeconds: request.ttlSeconds } };
    case "capture":
      return { ...own, path: `/credits/holds/${request.hold}/capture`, body: part(request.amount) };
    case "release":
      return { ...own, path: `/credits/holds/${request.hold}/release`, body: {} };
    case "refund":
      return { ...byAdmin, path: "/credits/refunds", body: { transactionId: request.charge, ...part(request.amount) } };
    default:
      return request satisfies never;
  }
}

/** For how long an answer is waited for. */
const PATIENCE_MS = 20_000;

/** Asks a server once. Whatever goes wrong on the way is an answer too: nobody knows what was done. */
export async function call(url: string, asked: Call): Promise<Heard> {
  const { method, path, token, body } = wayOf(asked);
  const headers: Record<string, string> = asked.key === null ? {} : { "idempotency-key": asked.key };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await callRest(url, method, path, { token, headers, signal, ...(body ? { body } : {}) });
    return hear(asked, answer);
  } catch (error) {
    const { code } = ((error as Error).cause ?? error) as { code?: string };
    return code === "ECONNREFUSED" ? { is: "nothing done" } : { is: "unknown" };
  }
}

function hear({ request }: Call, { status, headers, body }: RestAnswer): Heard {
  if (status === 200) {
    if (request === null) return { is: "read", balance: body.balance, held: body.held };
    const replayed = headers.get("idempotency-replayed") === "true";
    return { is: "done", replayed, ...toldOf(request, body) };
  }
  if (status === 503) return body.code === "OUTCOME_UNKNOWN" ? { is: "unknown" } : { is: "nothing done" };
  // A grant that comes too late because something was broken.
  if (request?.kind === "grant" && body.code === "VALIDATION_FAILED") {
    return { is: "refused", refusal: { code: "EXPIRY_PASSED" } };
  }
  if (status >= 400 && status < 500) return { is: "refused", refusal: refusalOf(body) };
  return { is: "failed", error: `${status} ${JSON.stringify(body)}` };
}

function refusalOf({ message: _, requestId: __, resolvedAt, ...rest }: Record<string, unknown>): Refusal {
  return { ...rest, ...(typeof resolvedAt === "string" ? { resolvedAtMs: Date.parse(resolvedAt) } : {}) } as Refusal;
}

type Told = { readonly entryId: string; readonly entry: Partial<JournalRow>; readonly spendable?: number };

/** The text of no id: what is placed is told by its hold, and its line is found under the key. */
export const UNNAMED = "";

function toldOf(request: ModelRequest, body: RestAnswer["body"]): Told {
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
      return { entryId: UNNAMED, entry: { ...entry, expiresAtMs: Date.parse(body.expiresAt) } };
    }
    case "capture":
      return {
        entryId,
        entry: { amount: body.captured, heldAfter: body.held, expiredOnReturn: body.expiredOnReturn },
        spendable: balance,
      };
    case "release":
      return {
        entryId,
        entry: { amount: body.released, heldAfter: body.held, expiredOnReturn: body.expiredOnReturn },
        spendable: balance,
      };
    case "refund":
      return { entryId, entry: { amount: body.refunded, expiredOnReturn: body.expiredOnReturn }, spendable: balance };
    default:
      return request satisfies never;
  }
}
