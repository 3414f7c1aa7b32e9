import type { Metadata } from "next";
import { HistoryTable } from "../../components/history-table.tsx";
import { PageFrame } from "../../components/page-frame.tsx";
import { requireUser } from "../../lib/jifen-server.ts";
import { readLanguage } from "../../lib/language.ts";
import { wordsOf } from "../../lib/wording.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: wordsOf(await readLanguage()).historyTitle };
}

/** What happened to the credits of the user, newest first. */
export default async function HistoryPage() {
  const user = await requireUser();
  const language = await readLanguage();
  return (
    <PageFrame language={language} user={user} current="history">
      <main className="flex flex-col gap-5">
        <h2 className="text-2xl font-semibold">{wordsOf(language).historyTitle}</h2>
        <HistoryTable language={language} />
      </main>
    </PageFrame>
  );
}
