import { Link } from "@tanstack/react-router";
import { Facts } from "../../ui/facts.tsx";
import { Credits } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import type { Overview } from "./tiles.tsx";
import { overviewWords } from "./words.ts";

/** What all accounts have now. */
export function NowFacts({ overview }: { readonly overview: Overview | undefined }) {
  const words = overviewWords.useWords();
  return (
    <section className="grid content-start gap-2">
      <h2 className="font-semibold">{words.now}</h2>
      {overview && (
        <Facts
          facts={[
            { term: words.outstanding, value: <Credits value={overview.now.outstanding} /> },
            { term: words.held, value: <Credits value={overview.now.held} /> },
            { term: words.openHolds, value: <Link to="/console/holds">{formatNumber(overview.now.openHolds)}</Link> },
            { term: words.newUsers, value: formatNumber(overview.newUsers) },
          ]}
        />
      )}
    </section>
  );
}
