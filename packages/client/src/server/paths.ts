import type { Operations } from "@jifen/contract";

/** A procedure such as `credits.balance`, or `live.events`, the stream of live events. */
export type JifenPath =
  | "live.events"
  | {
      [Noun in keyof Operations & string]: `${Noun}.${keyof Operations[Noun] & string}`;
    }[keyof Operations & string];

/**
 * What pages can call unless a site says otherwise: what reads the user's own account, buys credits and redeems codes.
 * Not `auth`, whose responses contain a token, and not `credits.consume` and `holds`: the site decides the price.
 */
export const defaultPaths = [
  "balanceAlerts.find",
  "catalogue.find",
  "codes.redeem",
  "credits.balance",
  "credits.usage",
  "grants.list",
  "holds.find",
  "holds.list",
  "live.events",
  "logs.find",
  "logs.list",
  "logs.stats",
  "orders.cancel",
  "orders.check",
  "orders.create",
  "orders.find",
  "orders.list",
  "quotes.create",
  "statements.find",
  "transactions.find",
  "transactions.list",
] as const satisfies readonly JifenPath[];

/** Whether a page can ever call it. Responses of `auth` contain tokens, which no script may read. */
const isForPages = (path: string): boolean => !path.startsWith("auth.");

/** What a request asks for: procedures with a comma between them, or live events. */
export type Wanted = { readonly kind: "procedures"; readonly text: string } | { readonly kind: "live" };

/** Finds what a request asks for, by the end of its path. Undefined when a part of it is not allowed. */
export function wantedIn(pathname: string, allow: readonly JifenPath[]): Wanted | undefined {
  const isAllowed = (path: string) => isForPages(path) && (allow as readonly string[]).includes(path);
  if (pathname.endsWith("/live")) return isAllowed("live.events") ? { kind: "live" } : undefined;
  const text = /\/trpc\/([\w.,]+)$/.exec(pathname.replaceAll(/%2c/gi, ","))?.[1];
  if (text === undefined || !text.split(",").every((path) => path !== "live.events" && isAllowed(path))) return;
  return { kind: "procedures", text };
}
