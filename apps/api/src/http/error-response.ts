import {
  bilingual,
  type ErrorBody,
  type FieldIssue,
  type Language,
  pickLanguage,
  type Refusal,
  type RefusalCode,
  type RefusalSpec,
  refusalMessage,
  refusals,
} from "@jifen/contract";
import { DatabaseUnavailable, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { RefusalError } from "./refusal-error.ts";

const [zh, en] = [z.locales.zhCN().localeError, z.locales.en().localeError];
const textOf = (message: ReturnType<typeof zh>) => (typeof message === "string" ? message : (message?.message ?? ""));

// zod's default messages, for rules without a message of their own, in both languages.
z.config({ localeError: (issue) => bilingual({ zh: textOf(zh(issue)), en: textOf(en(issue)) }) });

const unknownField = bilingual({ zh: "没有这个字段，请删除", en: "is not a known field; remove it" });
const notAnObject = bilingual({ zh: "必须是 JSON 对象", en: "must be a JSON object" });

/** How many issues a response lists at most. A response must not be much longer than its request. */
const MAX_ISSUES = 50;

/** Converts zod's issues to ours: one per field, in both languages, at most `MAX_ISSUES`. */
export const fieldIssues = (error: z.core.$ZodError): FieldIssue[] =>
  error.issues.slice(0, MAX_ISSUES).flatMap((issue): FieldIssue[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys
        .slice(0, MAX_ISSUES)
        .map((key) => ({ path: [...issue.path, key].join("."), message: unknownField }));
    }
    const path = issue.path.join(".");
    if (issue.code === "invalid_type" && issue.expected === "object") return [{ path, message: notAnObject }];
    return [{ path, message: issue.message }];
  });

/** The refusal behind an error. Every unexpected error becomes INTERNAL_ERROR, without its message. */
export function refusalOf(error: unknown): Refusal {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof RefusalError) return cause.refusal;
  if (cause instanceof OutcomeUnknown) {
    const { transactionId } = cause;
    return { code: "OUTCOME_UNKNOWN", ...(transactionId === undefined ? {} : { transactionId }) };
  }
  if (cause instanceof Overloaded) return { code: "OVERLOADED" };
  if (cause instanceof DatabaseUnavailable) return { code: "DATABASE_UNAVAILABLE" };
  if (!(error instanceof TRPCError)) return { code: "INTERNAL_ERROR" };
  return refusalOfTrpc(error);
}

/** The refusal for an error of tRPC itself, thrown before or around a procedure. */
function refusalOfTrpc(error: TRPCError): Refusal {
  switch (error.code) {
    case "NOT_FOUND":
      return { code: "NOT_FOUND" };
    case "METHOD_NOT_SUPPORTED":
      return { code: "METHOD_NOT_ALLOWED" };
    case "UNSUPPORTED_MEDIA_TYPE":
      return { code: "UNSUPPORTED_MEDIA_TYPE" };
    case "PARSE_ERROR":
      return { code: "MALFORMED_JSON" };
    case "BAD_REQUEST":
      if (error.cause instanceof SyntaxError) return { code: "MALFORMED_JSON" };
      return { code: "VALIDATION_FAILED", issues: [{ path: "", message: notAnObject }] };
    default:
      return { code: "INTERNAL_ERROR" };
  }
}

/** The status and texts of a refusal. */
export const specOf = (refusal: Refusal): RefusalSpec => refusals[refusal.code];

/** The response body of a refusal, in the caller's language. */
export function toErrorBody<Code extends RefusalCode>(
  refusal: Refusal<Code>,
  { language, requestId }: { language: Language; requestId: string },
): ErrorBody<Code> {
  const { code, ...details } = refusal as Refusal;
  const translated =
    "issues" in details && details.issues
      ? { issues: details.issues.map(({ path, message }) => ({ path, message: pickLanguage(message, language) })) }
      : details;
  return {
    message: refusalMessage(refusal as Refusal, language),
    code,
    requestId,
    ...translated,
  } as unknown as ErrorBody<Code>;
}

/** The headers of a refusal: Retry-After (RFC 9110) and WWW-Authenticate (RFC 6750). */
export function refusalHeaders(refusal: Refusal): Record<string, string> {
  const { status } = specOf(refusal);
  const retryAfterSeconds =
    refusal.code === "RATE_LIMITED" ? refusal.retryAfterSeconds : specOf(refusal).retryAfterSeconds;
  return {
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    ...(status === 401 ? { "WWW-Authenticate": challengeOf(refusal) } : {}),
  };
}

/** Names an error only when a credential was sent (RFC 6750, section 3). */
const challengeOf = (refusal: Refusal): string =>
  refusal.code === "UNAUTHENTICATED" && refusal.reason !== undefined
    ? `Bearer realm="jifen", error="${refusal.reason}"`
    : 'Bearer realm="jifen"';
