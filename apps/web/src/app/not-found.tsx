import Link from "next/link";
import { readLanguage } from "../lib/language.ts";
import { wordsOf } from "../lib/wording.ts";

/** Shown for an unknown path. */
export default async function NotFoundPage() {
  const { notFound, backHome } = wordsOf(await readLanguage());
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col items-center justify-center gap-4 px-4 text-center">
      <h1 className="text-xl font-semibold">{notFound}</h1>
      <Link href="/" className="rounded-lg px-3 py-2 underline underline-offset-4">
        {backHome}
      </Link>
    </main>
  );
}
