import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";

/** The largest body of most operations, in bytes. `details` of a log can have 64 KB; the rest is for the JSON around it. */
export const MAX_BODY_BYTES = 102_400;

type Headers = (name: string) => string | undefined;

type BodyType = "application/json" | "application/x-www-form-urlencoded";

/**
 * Checks the headers of a body before the body is read.
 * Refuses, in this order: LENGTH_REQUIRED (neither a length nor chunks), PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE.
 */
export function checkBodyHeaders(
  header: Headers,
  limitBytes = MAX_BODY_BYTES,
  type: BodyType = "application/json",
): Outcome<undefined, Refusal> {
  const length = header("content-length");
  const transferEncoding = header("transfer-encoding");
  if (length === undefined && transferEncoding === undefined) return refuse({ code: "LENGTH_REQUIRED" });
  if (transferEncoding !== undefined && !/^chunked$/i.test(transferEncoding)) {
    return refuse({ code: "UNSUPPORTED_MEDIA_TYPE" });
  }
  if (Number(length) > limitBytes) return refuse({ code: "PAYLOAD_TOO_LARGE", limitBytes });
  if (!isPlain(header, type)) return refuse({ code: "UNSUPPORTED_MEDIA_TYPE" });
  return ok(undefined);
}

/** Whether the request has no body. Some clients send a Content-Type anyway. */
export const hasNoBody = (header: Headers): boolean =>
  Number(header("content-length") ?? 0) === 0 && header("transfer-encoding") === undefined;

function isPlain(header: Headers, expected: BodyType): boolean {
  const encoding = header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") return false;
  const contentType = header("content-type") ?? "";
  // The most frequent value, without parsing.
  if (contentType === expected) return true;
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length)
    .replaceAll('"', "");
  return type === expected && (charset === undefined || charset === "utf-8" || charset === "utf8");
}
