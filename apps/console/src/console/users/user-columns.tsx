import type { JifenOutputs } from "@jifen/client";
import { Link } from "@tanstack/react-router";
import type { Role } from "../../session.ts";
import { Badge } from "../../ui/badge.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Credits, Time } from "../../ui/figures.tsx";
import type { usersWords } from "./words.ts";

type Listed = JifenOutputs["users"]["list"]["items"][number];
type Texts = ReturnType<typeof usersWords.useWords>;

/** The columns of the list of users. On phones each user has two lines. */
export const userColumns = (words: Texts, roleNames: Readonly<Record<Role, string>>): readonly Column<Listed>[] => [
  {
    title: words.user,
    cell: ({ userId, role, suspendedAt, lastSeenAt }) => (
      <>
        <Link to="/console/users/$userId" params={{ userId }}>
          {userId}
        </Link>
        <span className="block text-muted md:hidden">
          {roleNames[role]} · {lastSeenAt === null ? words.neverSeen : <Time at={lastSeenAt} form="relative" />}
          {suspendedAt !== null && (
            <>
              {" "}
              <State words={words} isSuspended />
            </>
          )}
        </span>
      </>
    ),
  },
  { title: words.name, isWide: true, cell: ({ userId, name }) => (name === "" || name === userId ? "–" : name) },
  { title: words.role, isWide: true, cell: ({ role }) => roleNames[role] },
  { title: words.group, isWide: true, cell: ({ priceGroup }) => priceGroup },
  {
    title: words.state,
    isWide: true,
    cell: ({ suspendedAt }) => <State words={words} isSuspended={suspendedAt !== null} />,
  },
  {
    title: words.balance,
    isNumber: true,
    cell: ({ balance }) => (balance === undefined ? "–" : <Credits value={balance} />),
  },
  {
    title: words.lastSeen,
    isWide: true,
    cell: ({ lastSeenAt }) => (lastSeenAt === null ? words.neverSeen : <Time at={lastSeenAt} form="relative" />),
  },
  { title: words.created, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} form="short" /> },
];

const State = ({ words, isSuspended }: { readonly words: Texts; readonly isSuspended: boolean }) => (
  <Badge kind={isSuspended ? "bad" : "good"}>{isSuspended ? words.suspended : words.active}</Badge>
);
