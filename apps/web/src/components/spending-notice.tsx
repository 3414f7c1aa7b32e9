import type { Language } from "@jifen/client";
import type { Offer } from "../lib/offers.ts";
import type { Spending } from "../lib/spending.ts";
import { type Words, wordsOf } from "../lib/wording.ts";
import type { Attempt } from "./use-spending.ts";

const styles: Readonly<Record<Spending["kind"], string>> = {
  spent: "border-good-line bg-good text-good-ink",
  insufficient: "border-warn-line bg-warn text-warn-ink",
  refused: "border-warn-line bg-warn text-warn-ink",
};

/** The result of the last attempt, announced to screen readers. Its space is reserved, so that the layout does not shift. */
export function SpendingNotice({ language, last }: { language: Language; last: Attempt | undefined }) {
  const words = wordsOf(language);
  const style = last ? styles[last.spending.kind] : "border-line border-dashed text-muted";
  return (
    <div role="status" className={`min-h-27 rounded-xl md:min-h-22 border p-4 text-sm leading-6 text-pretty ${style}`}>
      {last ? <Outcome words={words} name={last.offer.name[language]} {...last} /> : words.nothingYet}
    </div>
  );
}

type OutcomeProps = {
  readonly words: Words;
  readonly name: string;
  readonly offer: Offer;
  readonly spending: Spending;
};

function Outcome({ words, name, offer, spending }: OutcomeProps) {
  switch (spending.kind) {
    case "spent":
      return words.spent(name, offer.amount, spending.balance);
    case "insufficient":
      return (
        <>
          <strong className="block font-semibold">{words.insufficient}</strong>
          {words.missing(spending)}
        </>
      );
    case "refused":
      return (
        <>
          {spending.message}{" "}
          {spending.code === "UNAUTHENTICATED" && (
            <a href="/login" className="font-medium underline underline-offset-4">
              {words.loginAgain}
            </a>
          )}
        </>
      );
    default:
      return spending satisfies never;
  }
}
