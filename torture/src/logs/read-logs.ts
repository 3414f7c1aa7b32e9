import { setTimeout } from "node:timers/promises";
import { callRest } from "@jifen/testkit/processes";
import type { TestUser } from "../faults/send.ts";

/** A log as the server shows it. */
export type ShownLog = {
  readonly logId: string;
  readonly userId: string;
  readonly action: string;
  readonly success: boolean;
  readonly timestamp: string;
  readonly countedAt: string;
  readonly durationMs: number | null;
  readonly reference: string | null;
  readonly details: unknown;
  readonly charge: {
    readonly transactionId: string;
    readonly amount: number;
    readonly refunded: number;
    readonly net: number;
  } | null;
};

/** A user whose requests go to a server. */
export type Reader = { readonly url: string; readonly user: TestUser };

/** How often a read is sent while the database cannot be reached, as on a busy machine. */
const ATTEMPTS = 20;

/** Reads a JSON document. @throws Error unless the answer is 200 */
// biome-ignore lint/suspicious/noExplicitAny: the checks compare the body, not its type.
export async function readJson({ url, user }: Reader, path: string, attempt = 1): Promise<any> {
  const { status, body } = await callRest(url, "GET", path, { token: user.token });
  if (status === 503 && attempt < ATTEMPTS) {
    await setTimeout(500);
    return readJson({ url, user }, path, attempt + 1);
  }
  if (status !== 200) throw new Error(`GET ${path} answered ${status} ${JSON.stringify(body).slice(0, 200)}`);
  return body;
}

/** Every log of a list, page by page, in the order of the pages. */
export async function readList(
  reader: Reader,
  query: Readonly<Record<string, string>>,
  path = "/logs",
): Promise<readonly ShownLog[]> {
  const logs: ShownLog[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const parameters: string = new URLSearchParams({ ...query, ...(cursor === "" ? {} : { cursor }) }).toString();
    const page: { items: ShownLog[]; nextCursor: string | null } = await readJson(reader, `${path}?${parameters}`);
    logs.push(...page.items);
    // A list that repeats itself would never end.
    if (page.nextCursor === cursor) throw new Error(`${path}?${parameters} has the cursor of the page before`);
    cursor = page.nextCursor;
  }
  return logs;
}
