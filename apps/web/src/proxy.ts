import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "./lib/content-security-policy.ts";

/**
 * Sets the Content-Security-Policy of a page, with a nonce of its own for each request. Next.js reads the nonce from the
 * header of the request and adds it to its scripts and styles.
 */
export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy({
    nonce: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64"),
    isDevelopment: process.env.NODE_ENV === "development",
  });
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

/** Pages only. For requests that match, Next.js keeps a copy of the body in memory: calls of the API do without. */
export const config = { matcher: "/((?!api/|_next/static/|_next/image/|icon.svg).*)" };
