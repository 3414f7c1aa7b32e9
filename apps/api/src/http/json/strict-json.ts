import { bilingual, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { findRepeatedMember } from "./repeated-member.ts";

type MalformedJson = Refusal<"MALFORMED_JSON">;

/** Keeps a byte order mark, so that it can be refused; throws on bytes that are not UTF-8. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const notUtf8 = bilingual({ zh: "必须是 UTF-8 编码", en: "must be encoded in UTF-8" });
const hasByteOrderMark = bilingual({
  zh: "开头不能有字节顺序标记（BOM）：请用不带 BOM 的 UTF-8 编码",
  en: "must not begin with a byte order mark: encode it in UTF-8 without BOM",
});
const repeated = bilingual({
  zh: "在同一个对象中只能出现一次",
  en: "must not be repeated in the same object",
});

const malformed = (path: string, message: string) =>
  refuse<MalformedJson>({ code: "MALFORMED_JSON", issues: [{ path, message }] });

/**
 * Decodes the bytes of a JSON text (RFC 8259, section 8.1). A lenient decoder would replace what is not UTF-8 and drop a
 * byte order mark. Refuses: MALFORMED_JSON.
 */
export function decodeJson(bytes: ArrayBuffer): Outcome<string, MalformedJson> {
  try {
    const text = utf8.decode(bytes);
    return text.startsWith("\ufeff") ? malformed("", hasByteOrderMark) : ok(text);
  } catch {
    return malformed("", notUtf8);
  }
}

/**
 * Refuses a JSON text in which a member is repeated: MALFORMED_JSON. It does not check the rest: `JSON.parse` does.
 * The path of the issue begins with `place`, if any.
 */
export function checkMembers(text: string, place?: string): Outcome<string, MalformedJson> {
  const path = findRepeatedMember(text);
  if (path === undefined) return ok(text);
  return malformed(place === undefined ? path : `${place}.${path}`, repeated);
}

/** Parses a JSON text. Refuses: MALFORMED_JSON, also when a member is repeated. */
export function parseJson(text: string): Outcome<unknown, MalformedJson> {
  try {
    const value: unknown = JSON.parse(text);
    const checked = checkMembers(text);
    return checked.ok ? ok(value) : checked;
  } catch {
    return refuse({ code: "MALFORMED_JSON" });
  }
}
