import {
  bilingual,
  type ErrorBody,
  type FieldIssue,
  type Language,
  pickLanguage,
  type Refusal,
  type RefusalSpec,
  refusals,
} from "@jifen/contract";
import { DatabaseUnavailable, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { RefusalError } from "./refusal-error.ts";

const [zh, en] = [z.locales.zhCN().localeError, z.locales.en().localeError];
const words = (said: ReturnType<typeof zh>) => (typeof said === "string" ? said : (said?.message ?? ""));

// Rules that a schema does not word itself say it in both languages too.
z.config({ localeError: (issue) => bilingual({ zh: words(zh(issue)), en: words(en(issue)) }) });

const unknownField = bilingual({ zh: "没有这个字段，请删除", en: "is not a known field; leave it out" });
const notAnObject = bilingual({ zh: "必须是 JSON 对象", en: "must be a JSON object" });

/** More than this nobody reads: an answer is never much longer than what was asked. */
const MAX_ISSUES = 50;

/** zod's issues to ours: one for each field, in both languages; of very many the first. */
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

/** The refusal behind an error; INTERNAL_ERROR, without a word of what it was, for everything unforeseen. */
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

/** What tRPC itself refuses, before or around a procedure. */
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

/** Status and headers of a refusal. */
export const specOf = (refusal: Refusal): RefusalSpec => refusals[refusal.code];

/** A refusal as it travels, in the caller's language. */
export function toErrorBody(
  refusal: Refusal,
  { language, requestId }: { language: Language; requestId: string },
): ErrorBody {
  const { code, ...numbers } = refusal;
  const worded =
    refusal.code === "VALIDATION_FAILED"
      ? { issues: refusal.issues.map(({ path, message }) => ({ path, message: pickLanguage(message, language) })) }
      : numbers;
  return { message: refusals[code][language], code, requestId, ...worded } as ErrorBody;
}

/** Headers that a refusal asks for: RFC 9110 Retry-After, RFC 6750 WWW-Authenticate. */
export function refusalHeaders(refusal: Refusal): Record<string, string> {
  const { status } = specOf(refusal);
  const retryAfterSeconds =
    refusal.code === "RATE_LIMITED" ? refusal.retryAfterSeconds : specOf(refusal).retryAfterSeconds;
  return {
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    ...(status === 401 ? { "WWW-Authenticate": challengeOf(refusal) } : {}),
  };
}

/** Says what was wrong only where there was something (RFC 6750, section 3). */
const challengeOf = (refusal: Refusal): string =>
  refusal.code === "UNAUTHENTICATED" && refusal.reason !== undefined
    ? `Bearer realm="jifen", error="${refusal.reason}"`
    : 'Bearer realm="jifen"';
