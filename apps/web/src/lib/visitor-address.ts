import "server-only";
import { headers } from "next/headers";
import { proxyCount } from "./settings.ts";
import { addressBefore } from "./x-forwarded-for.ts";

/** The visitor's network address; undefined when no proxy stands before this server, as Next.js does not know it. */
export const visitorAddress = async (): Promise<string | undefined> =>
  addressBefore(proxyCount(), (await headers()).get("x-forwarded-for"));
