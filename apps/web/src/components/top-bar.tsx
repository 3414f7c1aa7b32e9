import type { Language } from "@jifen/client";
import { logout } from "../actions/session.ts";
import { wordsOf } from "../lib/wording.ts";
import { LanguageSwitch } from "./language-switch.tsx";
import { Seal } from "./seal.tsx";

/** The header: user name, language switch and logout. */
export function TopBar({ language, name }: { language: Language; name: string }) {
  const words = wordsOf(language);
  return (
    <header className="flex items-center gap-3 border-b border-line py-4">
      <Seal />
      <div className="min-w-0 flex-1">
        <h1 className="font-semibold tracking-wide">{words.title}</h1>
        <p className="truncate text-sm text-muted">{words.greeting(name)}</p>
      </div>
      <LanguageSwitch language={language} />
      <form action={logout}>
        <button type="submit" className="rounded-lg border border-line bg-card px-3 py-2 text-sm hover:border-muted">
          {words.logout}
        </button>
      </form>
    </header>
  );
}
