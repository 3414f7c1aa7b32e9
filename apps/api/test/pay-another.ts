import { createHash } from "node:crypto";

/** The address at which another order than the one of `text` is paid: the same fields with another number, signed. */
export function payAnother(text: string, number: string, key: string): string {
  const url = new URL(text);
  url.searchParams.set("out_trade_no", number);
  const fields = [...url.searchParams].filter(([name, value]) => !/^sign/.test(name) && value !== "").toSorted();
  const signed = fields.map(([name, value]) => `${name}=${value}`).join("&") + key;
  url.searchParams.set("sign", createHash("md5").update(signed).digest("hex"));
  return url.href;
}
