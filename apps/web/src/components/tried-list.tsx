import type { Language } from "@jifen/client";
import { wordsOf } from "../lib/wording.ts";
import type { Tried } from "./use-spending.ts";

/** What was tried since the page was opened, newest first. */
export function TriedList({ language, tried }: { language: Language; tried: readonly Tried[] }) {
  const words = wordsOf(language);
  return (
    <section aria-labelledby="tried" className="rounded-2xl border border-line bg-card p-5 shadow-sm sm:p-6">
      <h2 id="tried" className="mb-3 font-medium">
        {words.history}
      </h2>
      {tried.length === 0 && <p className="text-sm text-muted">{words.historyEmpty}</p>}
      <ol className="flex max-h-72 flex-col divide-y divide-line overflow-y-auto">
        {tried.map((each) => (
          <TriedItem key={each.id} language={language} {...each} />
        ))}
      </ol>
    </section>
  );
}

function TriedItem({ language, offer, spending, logged }: { language: Language } & Tried) {
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
