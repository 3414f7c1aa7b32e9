import type { Role } from "@jifen/contract";
import { pagePrefix } from "../../../http/page-prefix.ts";

/** The areas of pages that a role may see, its own start page first. */
const areasOf = (role: Role): readonly string[] => (role === "user" ? ["/account"] : ["/console", "/account"]);

/**
 * Where a log-in leads: to the page that was asked for, if it is one of this server that the role may see, else to the
 * start page of the role. Any other address would make the log-in an open redirect.
 */
export function redirectTarget(asked: string | undefined, role: Role, publicUrl: string): string {
  const areas = areasOf(role).map((area) => `${pagePrefix(publicUrl)}${area}`);
  const base = "http://base.invalid";
  const url = asked !== undefined && URL.canParse(asked, base) ? new URL(asked, base) : undefined;
  const isOwn = url?.origin === base && areas.some((area) => isIn(area, url.pathname));
  return isOwn && url ? `${url.pathname}${url.search}${url.hash}` : `${areas[0]}`;
}

const isIn = (area: string, pathname: string): boolean => pathname === area || pathname.startsWith(`${area}/`);
