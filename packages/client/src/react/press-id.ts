import type { Language } from "@jifen/contract";
import { JifenError } from "../error.ts";

/** What is pressed: who, which charge of the site, and with which input, without its quote. */
type Pressed = { readonly userId: string; readonly name: string; readonly input: object; readonly language: Language };

/**
 * The name of what is pressed: the same for the same intent, also after a reload. Files have their name, size, type and
 * time, because their content cannot be read at once.
 * @throws JifenError NOT_SENT for a value by which two inputs cannot be told apart
 */
export function pressId({ userId, name, input, language }: Pressed): string {
  const describe = function (this: unknown, field: string, value: unknown): unknown {
    // What `toJSON` has not replaced, such as a date.
    const raw: unknown = (this as Readonly<Record<string, unknown>>)[field];
    if (isJson(raw)) return raw;
    const described = describeSpecial(raw);
    if (described !== undefined) return described;
    if (typeof (raw as { toJSON?: unknown }).toJSON === "function") return value;
    throw notSent(field, { kind: kindOf(raw), language });
  };
  return `jifen:${JSON.stringify([userId, name, input], describe)}`;
}

function isJson(value: unknown): boolean {
  if (value === null || ["string", "boolean", "undefined"].includes(typeof value)) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || ((prototype === Object.prototype || prototype === null) && !("toJSON" in value));
}

/** What JSON would leave out, as what it can describe. A blob without a name is like every other of its size. */
function describeSpecial(value: unknown): unknown {
  if (value instanceof File) return { File: [value.name, value.size, value.type, value.lastModified] };
  if (value instanceof Date) return { Date: String(value.getTime()) };
  if (value instanceof Map) return { Map: [...value] };
  if (value instanceof Set) return { Set: [...value] };
  if (value instanceof FormData) return { FormData: [...value.entries()] };
  if (typeof value === "bigint" || typeof value === "number") return { [typeof value]: String(value) };
  return undefined;
}

const kindOf = (value: unknown): string => (typeof value === "object" && value?.constructor?.name) || typeof value;

function notSent(
  field: string,
  { kind, language }: { readonly kind: string; readonly language: Language },
): JifenError {
  const message =
    language === "zh"
      ? `请求未能发出：输入的 ${field} 是 ${kind}，无法区分两次不同的点击。请改用普通的值，或 File`
      : `The request could not be sent: ${field} of the input is a ${kind}, which does not tell presses apart. Use plain values, or a File`;
  return new JifenError({ code: "NOT_SENT", details: {}, message });
}
