import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Actor } from "../actor.tsx";
import type { CatalogueFile } from "./types.ts";
import { VersionState } from "./version-state.tsx";
import { pricesWords } from "./words.ts";

/** What a version is, from when, and by whom. */
export function VersionHead({ file }: { readonly file: CatalogueFile }) {
  const words = pricesWords.useWords();
  const { version, effectiveFrom, note, madeBy, madeAt, publishedBy } = file;
  return (
    <Facts
      facts={[
        { term: words.version, value: formatNumber(version) },
        { term: words.state, value: <VersionState version={file} /> },
        ...(effectiveFrom === null ? [] : [{ term: words.effectiveFrom, value: <Time at={effectiveFrom} /> }]),
        ...(note === null ? [] : [{ term: words.note, value: note }]),
        { term: words.madeBy, value: <Actor actor={madeBy} /> },
        { term: words.madeAt, value: <Time at={madeAt} /> },
        ...(publishedBy === null ? [] : [{ term: words.publishedBy, value: <Actor actor={publishedBy} /> }]),
      ]}
    />
  );
}
