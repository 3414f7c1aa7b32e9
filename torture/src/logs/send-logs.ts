import { callRest, type RestAnswer } from "@jifen/testkit/processes";
import type { TestUser } from "../faults/send.ts";
import { bodyOf, type SentLog } from "./sent-log.ts";

/** One request that writes logs of one user. */
export type LogRequest = {
  readonly user: TestUser;
  readonly form: "create" | "batch";
  readonly logs: readonly SentLog[];
  /** The key of a batch, for the logs without their own. */
  readonly key: string | null;
};

/** What the server says about one log. */
export type EntryResult = { readonly logId: string; readonly replayed: boolean } | { readonly code: string };

/** What the client knows after a request: a result for each log, or that nothing was written, or neither. */
export type LogResult =
  | { readonly is: "done"; readonly results: readonly EntryResult[] }
  | { readonly is: "unknown" | "nothing done" }
  | { readonly is: "failed"; readonly error: string };

const TIMEOUT_MS = 20_000;

/** Whether every log of a request has a key, so that the request can be repeated. */
export const isRepeatable = ({ logs, key }: LogRequest): boolean =>
  key !== null || logs.every((log) => log.key !== null);

/** Sends a request once. After a failure of the connection the outcome is unknown. */
export async function sendLogs(url: string, request: LogRequest): Promise<LogResult> {
  const { form, user, logs, key } = request;
  const [first] = logs;
  if (!first) throw new RangeError("a request needs a log");
  const headerKey = form === "create" ? first.key : key;
  const entries = logs.map((log) => ({ ...bodyOf(log), ...(log.key === null ? {} : { idempotencyKey: log.key }) }));
  try {
    const answer = await callRest(url, "POST", `/logs/${form}`, {
      token: user.token,
      body: form === "create" ? bodyOf(first) : { logs: entries },
      headers: headerKey === null ? {} : { "idempotency-key": headerKey },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return toResult(form, answer);
  } catch (error) {
    const { code } = ((error as Error).cause ?? error) as { code?: string };
    return { is: code === "ECONNREFUSED" ? "nothing done" : "unknown" };
  }
}

function toResult(form: LogRequest["form"], { status, headers, body }: RestAnswer): LogResult {
  if (status === 200 && form === "batch" && Array.isArray(body.results)) return { is: "done", results: body.results };
  if (status === 200 && form === "batch") return { is: "failed", error: `200 with ${JSON.stringify(body)}` };
  if (status === 200) {
    const replayed = headers.get("idempotency-replayed") === "true";
    return { is: "done", results: [{ logId: body.logId, replayed }] };
  }
  if (status === 422) return { is: "done", results: [{ code: body.code }] };
  if (status === 503 && !headers.has("retry-after")) return { is: "failed", error: "503 without Retry-After" };
  if (status === 503) return { is: body.code === "OUTCOME_UNKNOWN" ? "unknown" : "nothing done" };
  return { is: "failed", error: `${status} ${JSON.stringify(body).slice(0, 200)}` };
}
