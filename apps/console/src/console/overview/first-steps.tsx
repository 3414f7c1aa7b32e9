import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { basePath } from "../../base.ts";
import { useSession } from "../../session.ts";
import { CopyId } from "../../ui/copy-id.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { snippets } from "./snippets.ts";
import { overviewWords } from "./words.ts";

type Kind = keyof typeof snippets;
const kinds = Object.keys(snippets) as Kind[];

/** What to do on a new server. It leaves by itself when the first charge has arrived. */
export function FirstSteps() {
  const words = overviewWords.useWords();
  const [kind, setKind] = useState<Kind>("curl");
  const url = new URL(basePath, location.origin).href.replace(/\/$/, "");
  const snippet = snippets[kind](url, useSession().session.userId);
  return (
    <section className="grid gap-3 rounded-md border border-line bg-card p-4">
      <h2 className="font-semibold">{words.steps}</h2>
      <ol className="grid list-decimal gap-3 pl-5">
        <li>
          <Link to="/console/keys">{words.stepKey}</Link> · {words.stepKeyText}
        </li>
        <li className="min-w-0">
          {words.stepCall}
          <div className="my-2 flex flex-wrap gap-2">
            {kinds.map((each) => (
              <label key={each} className="flex items-center gap-1.5">
                <input
                  type="radio"
                  name="snippet"
                  checked={each === kind}
                  onChange={() => setKind(each)}
                  className="accent-seal"
                />
                {each}
              </label>
            ))}
          </div>
          <ScrollRegion label={words.stepCall}>
            <pre className="p-3 font-mono text-[0.92em]">{snippet}</pre>
          </ScrollRegion>
          <CopyId id={snippet} name={kind}>
            {null}
          </CopyId>
        </li>
        <li>
          <span role="status">{words.stepWait}</span>
        </li>
      </ol>
    </section>
  );
}
