import type { Refusal } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { receiveChunkedBody } from "../../../http/chunked-body.ts";
import type { Env } from "../../../http/env.ts";
import { checkBodyHeaders } from "../../../rest/request-body.ts";

/** The fields of a form by name; empty ones are left out. */
export type Fields = Readonly<Record<string, string>>;

const MAX_FORM_BYTES = 16_384;

/** Reads a submitted form. Refuses what `checkBodyHeaders` refuses. */
export async function readForm(c: HonoContext<Env>): Promise<Outcome<Fields, Refusal>> {
  const header = (name: string) => c.req.header(name);
  const allowed = checkBodyHeaders(header, MAX_FORM_BYTES, "application/x-www-form-urlencoded");
  if (!allowed.ok) return allowed;
  const arrived = await receiveChunkedBody(c.env, MAX_FORM_BYTES);
  if (!arrived.ok) return arrived;
  const fields = new URLSearchParams(await c.req.text());
  return ok(Object.fromEntries([...fields].filter(([, value]) => value !== "")));
}
