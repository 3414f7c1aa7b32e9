import { Link } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { List } from "../../ui/list.tsx";
import { usePages } from "../../use-pages.ts";
import { Actor } from "../actor.tsx";
import { VersionState } from "./version-state.tsx";
import { pricesWords } from "./words.ts";

/** All versions of the catalogue, newest first. */
export function VersionsTab() {
  const words = pricesWords.useWords();
  const versions = usePages({
    key: ["adminCatalogues.list", "pages"],
    read: (cursor) => jifen.adminCatalogues.list.query({ limit: 20, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <List
      pages={versions}
      caption={words.versionTable}
      rowKey={({ version }) => String(version)}
      empty={words.none}
      columns={[
        {
          title: words.version,
          cell: ({ version, note, madeAt }) => (
            <>
              <Link to="/console/prices" search={{ version }}>
                {words.versionName(formatNumber(version))}
              </Link>
              {note !== null && <span className="block text-muted">{note}</span>}
              <span className="block text-muted md:hidden">
                <Time at={madeAt} />
              </span>
            </>
          ),
        },
        { title: words.state, cell: (version) => <VersionState version={version} /> },
        {
          title: words.effectiveFrom,
          isWide: true,
          cell: ({ effectiveFrom }) => (effectiveFrom === null ? "–" : <Time at={effectiveFrom} />),
        },
        { title: words.madeBy, isWide: true, cell: ({ madeBy }) => <Actor actor={madeBy} /> },
        { title: words.madeAt, isWide: true, cell: ({ madeAt }) => <Time at={madeAt} /> },
      ]}
    />
  );
}
