import type { Language } from "@jifen/client";
import { wordsOf } from "../lib/wording.ts";
import type { Attempt } from "./use-spending.ts";

/** The attempts since the page was opened, newest first. */
export function AttemptList({ language, attempts }: { language: Language; attempts: readonly Attempt[] }) {
  const words = wordsOf(language);
  return (
    <section aria-labelledby="attempts" className="rounded-2xl border border-line bg-card p-5 shadow-sm sm:p-6">
      <h2 id="attempts" className="mb-3 font-medium">
        {words.history}
      </h2>
      {attempts.length === 0 && <p className="text-sm text-muted">{words.historyEmpty}</p>}
      <ol className="flex max-h-72 flex-col divide-y divide-line overflow-y-auto">
        {attempts.map((each) => (
          <AttemptItem key={each.id} language={language} {...each} />
        ))}
      </ol>
    </section>
  );
}

function AttemptItem({ language, offer, spending, logged }: { language: Language } & Attempt) {
  const words = wordsOf(language);
  const isSpent = spending.kind === "spent";
  const note = logged === undefined ? " " : logged ? words.logged : words.notLogged;
  return (
    <li className="flex items-baseline gap-3 py-2.5 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block">{offer.name[language]}</span>
        <span className="block text-xs text-muted">{note}</span>
      </span>
      <span className={`whitespace-nowrap tabular-nums ${isSpent ? "" : "text-warn-ink"}`}>
        {isSpent ? `−${offer.amount}` : words.notDone}
      </span>
    </li>
  );
}
