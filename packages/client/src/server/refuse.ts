import { preferredLanguage } from "@jifen/contract/language";
import { type RefusalSpec, refusals } from "@jifen/contract/refusals";
import { MAX_BODY_BYTES } from "./body.ts";

/** Our own text of FORBIDDEN: the API's is about roles and scopes. */
const foreignPage = { zh: "只接受本站页面的请求", en: "Only pages of this site can send this request" };

/** What the handler refuses by itself. */
export type HandlerCode =
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "FORBIDDEN"
  | "UNAUTHENTICATED"
  | "PAYLOAD_TOO_LARGE"
  | "INTERNAL_ERROR"
  | "OVERLOADED"
  | "OUTCOME_UNKNOWN";

/** Headers of one refusal, besides those that all have. */
const headersOf: Partial<Record<HandlerCode, Readonly<Record<string, string>>>> = {
  METHOD_NOT_ALLOWED: { Allow: "GET, POST" },
  UNAUTHENTICATED: { "WWW-Authenticate": "Bearer" },
  // The rest of a body that is too large may be endless: it is not read.
  PAYLOAD_TOO_LARGE: { Connection: "close" },
};

/** An error response like that of the API, with the status and the text of its refusal table. */
export function refuse(request: Request, code: HandlerCode): Response {
  const { status, retryAfterSeconds, ...texts }: RefusalSpec = refusals[code];
  const { [preferredLanguage(request.headers.get("accept-language"))]: message } =
    code === "FORBIDDEN" ? foreignPage : texts;
  const requestId = crypto.randomUUID();
  const limit = code === "PAYLOAD_TOO_LARGE" ? { limitBytes: MAX_BODY_BYTES } : {};
  const headers = new Headers({ "Cache-Control": "no-store", "X-Request-Id": requestId, ...headersOf[code] });
  if (retryAfterSeconds !== undefined) headers.set("Retry-After", String(retryAfterSeconds));
  return Response.json({ code, message, requestId, ...limit }, { status, headers });
}
