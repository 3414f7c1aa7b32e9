import type { FromGateway } from "@jifen/billing";
import { ok } from "@jifen/core";
import { misconfigured, unavailable } from "./failures.ts";

/** A request to a provider. */
export type ProviderRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly form?: URLSearchParams;
  readonly timeoutMs: number;
};

/** What a provider answered. `dateMs`: by its clock; undefined when the answer has no date. */
export type ProviderAnswer = { readonly status: number; readonly text: string; readonly dateMs: number | undefined };

const MAX_ANSWER_BYTES = 262_144;

/** Sends one request. It follows no redirects: they would lead credentials to an address that is not configured. */
export async function callProvider({ method, url, form, timeoutMs }: ProviderRequest): FromGateway<ProviderAnswer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method, redirect: "manual", signal, ...(form && { body: form }) });
    const text = await readText(response);
    if (text === undefined) return unavailable("the answer is larger than 256 KB");
    const { status } = response;
    if (status >= 300 && status < 400) return misconfigured(`the address redirects to ${originOf(response, url)}`);
    if (status >= 500) return unavailable(`HTTP ${status}`);
    const dateMs = Date.parse(response.headers.get("date") ?? "");
    return ok({ status, text, dateMs: Number.isNaN(dateMs) ? undefined : dateMs });
  } catch (error) {
    return unavailable(reasonOf(error));
  }
}

async function readText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Where a redirect leads, without its path, which can hold a credential. */
function originOf(response: Response, url: string): string {
  const location = response.headers.get("location") ?? "";
  return URL.canParse(location, url) ? new URL(location, url).origin : "an invalid address";
}

/** Why a request failed, as `fetch` and Node name it: `TimeoutError`, `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const cause = error.cause as { code?: unknown } | undefined;
  return typeof cause?.code === "string" ? cause.code : `${error.name}: ${error.message}`;
}
