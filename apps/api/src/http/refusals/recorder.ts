import { type Refusal, type RefusalCode, refusals as specs } from "@jifen/contract";
import type { Outcome } from "@jifen/core";
import type { Logger } from "pino";
import { Counter } from "prom-client";
import type { Caller } from "../../modules/identity/credentials/caller.ts";
import { type About, aboutRefusal } from "./about.ts";
import { kindOf, type RefusalKind, refusalKinds } from "./kinds.ts";
import { LineBudget } from "./line-budget.ts";

const MAX_USER_AGENT_LENGTH = 120;

const isServerError = (code: RefusalCode): boolean => specs[code].status >= 500;
const serverErrorCodes: readonly RefusalCode[] = (Object.keys(specs) as RefusalCode[]).filter(isServerError);

/** A request that was refused. */
export type RefusedRequest = {
  readonly refusal: Refusal;
  /** Such as `credits.consume`; `none` for a request that reached no operation. */
  readonly operation: string;
  readonly requestId: string;
  /** The network of the client. */
  readonly address: () => string;
  readonly userAgent: string | undefined;
  /** Whether it was sent with an Authorization header or a session cookie. */
  readonly hasCredential: boolean;
  /** The caller of an operation that needs one. */
  readonly caller: (() => Promise<Outcome<Caller, Refusal>>) | undefined;
};

/** Why a connection was closed: the bounds of connections, or a peer that sends or reads too slowly. */
type ClosedConnection = "refused" | "evicted" | "slow-body" | "unread-answer";

/** Counts every refusal, and logs a bounded number of them. Costs nothing for a request that is not refused. */
export type RefusalRecorder = {
  record(refused: RefusedRequest): void;
  /** Counts one HTTP response, of whatever status. */
  countResponse(): void;
  /** Counts a connection that the server closed before its client did. */
  readonly countClosedConnection: (reason: ClosedConnection) => void;
  /** Labels are from closed lists. Never a user or an address: their number has no bound. */
  readonly metrics: readonly Counter[];
};

/** Creates the recorder of one server. */
export function createRefusalRecorder(log: Logger): RefusalRecorder {
  const refusals = new Counter({
    name: "jifen_refusals_total",
    help: "Refused requests and calls, by operation, code, kind and, for RATE_LIMITED, the limit (policy).",
    labelNames: ["operation", "code", "kind", "policy"],
    registers: [],
  });
  const suppressed = new Counter({
    name: "jifen_refusal_lines_suppressed_total",
    help: "Refusals that were counted and not logged, because the log has enough lines of their kind in this minute.",
    labelNames: ["kind"],
    registers: [],
  });
  const errors = new Counter({
    name: "jifen_errors_total",
    help: "Requests and calls that the server could not serve (5xx), by code.",
    labelNames: ["code"],
    registers: [],
  });
  // A series that begins with its first error would show no increase, and its alert would stay silent.
  for (const code of serverErrorCodes) errors.inc({ code }, 0);
  const closedConnections = new Counter({
    name: "jifen_connections_closed_total",
    help: "Connections that the server closed: by its bounds (refused, evicted), or too slow (slow-body, unread-answer).",
    labelNames: ["reason"],
    registers: [],
  });
  let responseCount = 0;
  // A plain number on the hot path, which a scrape reads.
  const responses = new Counter({
    name: "jifen_http_responses_total",
    help: "HTTP responses of any status. A batch is one response.",
    registers: [],
    collect() {
      this.reset();
      this.inc(responseCount);
    },
  });
  const budget = new LineBudget((kind, count) => {
    log[refusalKinds[kind as RefusalKind]]({ kind, suppressed: count }, "more requests were refused");
  });
  return {
    metrics: [refusals, errors, suppressed, responses, closedConnections],
    countClosedConnection: (reason) => closedConnections.inc({ reason }),
    countResponse: () => {
      responseCount += 1;
    },
    record: (refused) => {
      const { refusal, operation } = refused;
      const about = aboutRefusal(refusal);
      const kind = kindOf(refusal, refused);
      refusals.inc({ operation, code: refusal.code, kind, policy: about.policy ?? "" });
      if (serverErrorCodes.includes(refusal.code)) errors.inc({ code: refusal.code });
      if (!log.isLevelEnabled(refusalKinds[kind])) return;
      const address = refused.address();
      if (!budget.take(kind, address)) return suppressed.inc({ kind });
      void writeLine(log, kind, { ...refused, address, about });
    },
  };
}

/** One line of bounded size. Credentials, bodies and tokens are not in it. */
async function writeLine(
  log: Logger,
  kind: RefusalKind,
  {
    refusal,
    operation,
    requestId,
    address,
    userAgent,
    caller,
    about,
  }: Omit<RefusedRequest, "address"> & {
    readonly address: string;
    readonly about: About;
  },
): Promise<void> {
  // Known already, or refused: this look-up is the one that the request has made.
  const known = await caller?.().catch(() => undefined);
  const actor = known?.ok ? known.value.actor : undefined;
  // Control characters of either kind (C0, C1) must not reach a terminal that shows the log.
  const agent = userAgent?.slice(0, MAX_USER_AGENT_LENGTH).replaceAll(/[^ -~]/g, "?");
  const line = { kind, code: refusal.code, operation, requestId, address, actor, ...about };
  log[refusalKinds[kind]]({ ...line, userAgent: agent }, "request refused");
}
