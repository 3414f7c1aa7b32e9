import { basePath } from "./base.ts";

const YEAR_SECONDS = 31_536_000;

/** Keeps a choice for a year. The server reads it, so that the first byte of the next page already follows it. */
export function writeCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari 16
  document.cookie = `${name}=${value}; Path=${basePath}; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
}
