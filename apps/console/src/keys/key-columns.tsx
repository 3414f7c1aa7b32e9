import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { Time } from "../ui/figures.tsx";
import { formatNumber, formatTime } from "../ui/format.ts";
import { KeyActs } from "./key-acts.tsx";
import type { ServiceKey } from "./types.ts";
import type { keysWords } from "./words.ts";

type Texts = ReturnType<typeof keysWords.useWords>;

/** The columns of a list of keys, with the acts on each. */
export const keyColumns = (words: Texts, owner?: Column<ServiceKey>): readonly Column<ServiceKey>[] => [
  {
    title: words.name,
    cell: (key) => (
      <>
        {key.name}
        <span className="block font-mono text-[0.92em] text-muted">{key.prefix}…</span>
        <span className="block md:hidden">
          <KeyState serviceKey={key} words={words} />
        </span>
      </>
    ),
  },
  ...(owner ? [owner] : []),
  {
    title: words.scopesTitle,
    isWide: true,
    cell: ({ scopes, grantLimitPerDay }) => (
      <ul>
        {scopes.map((scope) => (
          <li key={scope}>
            {words.scopes[scope]}
            {scope === "credits:grant" && grantLimitPerDay !== null && (
              <span className="block text-muted">{words.perDay(formatNumber(grantLimitPerDay))}</span>
            )}
          </li>
        ))}
      </ul>
    ),
  },
  {
    title: words.lastUsed,
    isWide: true,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.never : <Time at={lastUsedAt} form="relative" />),
  },
  {
    title: words.expires,
    isWide: true,
    cell: ({ expiresAt }) => (expiresAt === null ? words.noExpiry : <Time at={expiresAt} />),
  },
  { title: words.state, isWide: true, cell: (key) => <KeyState serviceKey={key} words={words} /> },
  { title: words.acts, cell: (key) => <KeyActs serviceKey={key} /> },
];

function KeyState({ serviceKey, words }: { readonly serviceKey: ServiceKey; readonly words: Texts }) {
  const { revokedAt, expiresAt, previousUntil } = serviceKey;
  if (revokedAt !== null) return <Badge>{words.revoked}</Badge>;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return <Badge>{words.expired}</Badge>;
  return (
    <>
      <Badge kind="good">{words.active}</Badge>
      {previousUntil !== null && Date.parse(previousUntil) > Date.now() && (
        <span className="block text-muted">{words.overlap(formatTime(previousUntil))}</span>
      )}
    </>
  );
}
