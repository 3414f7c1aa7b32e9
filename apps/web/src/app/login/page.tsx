import { redirect } from "next/navigation";
import { LanguageSwitch } from "../../components/language-switch.tsx";
import { LoginForm } from "../../components/login-form.tsx";
import { Seal } from "../../components/seal.tsx";
import { currentUser } from "../../lib/jifen-server.ts";
import { readLanguage } from "../../lib/language.ts";
import { wordsOf } from "../../lib/wording.ts";

/** The login page. */
export default async function LoginPage() {
  if (await currentUser()) redirect("/");
  const language = await readLanguage();
  const { title, tagline } = wordsOf(language);
  return (
    <div className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-8 px-4 py-10">
      <header className="flex flex-col items-center gap-3 text-center">
        <Seal large />
        <h1 className="text-2xl font-semibold tracking-wide">{title}</h1>
        <p className="text-muted">{tagline}</p>
      </header>
      <main>
        <LoginForm language={language} />
      </main>
      <footer className="flex justify-center">
        <LanguageSwitch language={language} />
      </footer>
    </div>
  );
}
