import { Badge } from "../../ui/badge.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Credits, Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { uiWords } from "../../words/ui.ts";
import type { Account, User } from "./types.ts";
import { usersWords } from "./words.ts";

type UserHeadProps = { readonly user: User | undefined; readonly account: Account };

/** The figures of the account and the facts of the user. */
export function UserHead({ user, account: { balance, held, expiring } }: UserHeadProps) {
  const words = usersWords.useWords();
  const { roles } = uiWords.useWords();
  const figure = (value: number) => (
    <span className="text-xl font-semibold">
      <Credits value={value} />
    </span>
  );
  return (
    <div className="grid gap-4">
      {user && user.suspendedAt !== null && (
        <Notice kind="bad">
          {words.suspendedSince} <Time at={user.suspendedAt} />
        </Notice>
      )}
      <Facts
        facts={[
          { term: words.available, value: figure(balance) },
          { term: words.held, value: figure(held) },
          {
            term: words.expiresNext,
            value: expiring ? (
              <>
                {formatNumber(expiring.amount)} · <Time at={expiring.expiresAt} />
              </>
            ) : (
              words.nothingExpires
            ),
          },
          ...(user
            ? [
                { term: words.name, value: user.name || "–" },
                { term: words.role, value: <Badge>{roles[user.role]}</Badge> },
                { term: words.group, value: user.priceGroup },
                { term: words.created, value: <Time at={user.createdAt} /> },
              ]
            : []),
        ]}
      />
    </div>
  );
}
