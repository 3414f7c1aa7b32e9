import { type Language, pickLanguage, type Refusal, refusalMessage } from "@jifen/contract";
import { html } from "hono/html";
import { type Html, notice } from "./layout.ts";
import { words } from "./words.ts";

/** What is wrong with one field of a form; undefined when another field, or the whole form, is refused. */
export function fieldError(refusal: Refusal | undefined, name: string, language: Language): string | undefined {
  if (refusal?.code !== "VALIDATION_FAILED") return undefined;
  const issue = refusal.issues.find(({ path }) => path === name);
  return issue && pickLanguage(issue.message, language);
}

/** What is wrong with the form as a whole; nothing where a field says it. */
export function formError(
  refusal: Refusal | undefined,
  { language, shownAtFields }: { readonly language: Language; readonly shownAtFields: readonly Refusal["code"][] },
): Html {
  if (refusal === undefined || shownAtFields.includes(refusal.code)) return html``;
  if (refusal.code === "RATE_LIMITED") return notice(words[language].tryAgain(refusal.retryAfterSeconds), "bad");
  return notice(refusalMessage(refusal, language), "bad");
}
