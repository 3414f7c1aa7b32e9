import "server-only";
import type { Language } from "@jifen/client";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { languageOf } from "./accept-language.ts";

const COOKIE = "jifen_language";
const ONE_YEAR_SECONDS = 31_536_000;

/** What this visitor reads: what they chose, else what their browser asks for. */
export const readLanguage = cache(async (): Promise<Language> => {
  const chosen = (await cookies()).get(COOKIE)?.value;
  if (chosen === "zh" || chosen === "en") return chosen;
  return languageOf((await headers()).get("accept-language"));
});

/** Remembers the visitor's choice. */
export async function keepLanguage(language: Language): Promise<void> {
  (await cookies()).set(COOKIE, language, { sameSite: "lax", path: "/", maxAge: ONE_YEAR_SECONDS });
}
