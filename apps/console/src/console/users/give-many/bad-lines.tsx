import { formatNumber } from "../../../ui/format.ts";
import { Notice } from "../../../ui/notice.tsx";
import type { Lines } from "./read-lines.ts";
import { giveManyWords } from "./words.ts";

/** So many lines are named. */
const SHOWN = 5;

/** The lines that have to be corrected. */
export function BadLines({ lines: { bad } }: { readonly lines: Lines }) {
  const words = giveManyWords.useWords();
  if (bad.length === 0) return null;
  return (
    <Notice kind="warn">
      <p>{words.badLines}</p>
      <ul className="list-disc pl-5 wrap-anywhere">
        {bad.slice(0, SHOWN).map(({ number, text, repeats }) => (
          <li key={number}>
            {repeats === undefined
              ? words.badLine(formatNumber(number), text)
              : words.repeats(formatNumber(number), formatNumber(repeats), text)}
          </li>
        ))}
      </ul>
      {bad.length > SHOWN && <p>{words.moreBad(formatNumber(bad.length - SHOWN))}</p>}
    </Notice>
  );
}
