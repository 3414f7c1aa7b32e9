import "server-only";
import { type Language, preferredLanguage } from "@jifen/client";
import { cookies, headers } from "next/headers";
import { cache } from "react";

const COOKIE = "jifen_language";
const ONE_YEAR_SECONDS = 31_536_000;

/** The language of the visitor: the chosen one, else the one that the browser prefers. */
export const readLanguage = cache(async (): Promise<Language> => {
  const chosen = (await cookies()).get(COOKIE)?.value;
  if (chosen === "zh" || chosen === "en") return chosen;
  return preferredLanguage((await headers()).get("accept-language"));
});

/** Stores the visitor's choice in a cookie. */
export async function saveLanguage(language: Language): Promise<void> {
  (await cookies()).set(COOKIE, language, { sameSite: "lax", path: "/", maxAge: ONE_YEAR_SECONDS });
}
