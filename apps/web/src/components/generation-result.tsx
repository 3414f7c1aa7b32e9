import type { Language } from "@jifen/client";
import type { Generation } from "../actions/generate.ts";
import { generateWordsOf, nameOf } from "../lib/generate-words.ts";

/** What a run held, used and charged. */
export function GenerationResult({ language, last }: { language: Language; last: Generation | undefined }) {
  const say = generateWordsOf(language);
  return (
    <section aria-labelledby="result" className="flex flex-col gap-3 rounded-xl border border-line bg-card p-5">
      <h2 id="result" className="font-medium">
        {say.result}
      </h2>
      {last === undefined && <p className="text-sm text-muted">{say.noResult}</p>}
      <div role="status">
        {last &&
          (last.done ? <Sums language={language} done={last.done} /> : <p className="text-sm">{say[last.reason]}</p>)}
      </div>
    </section>
  );
}

function Sums({ language, done }: { language: Language; done: NonNullable<Generation["done"]> }) {
  const say = generateWordsOf(language);
  const used = Object.entries(done.used).map(([name, value]) => `${nameOf(name, language)} ${value}`);
  const rows = [
    { name: say.held, value: done.held },
    ...(used.length > 0 ? [{ name: say.used, value: used.join(", ") }] : []),
    { name: say.captured, value: done.captured, isMain: true },
    { name: say.released, value: done.released },
    { name: say.balance, value: done.balance },
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
      {rows.map(({ name, value, isMain }) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className={`text-right tabular-nums ${isMain ? "text-lg font-semibold" : ""}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
