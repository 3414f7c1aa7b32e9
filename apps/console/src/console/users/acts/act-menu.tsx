import { useState } from "react";
import { useSession } from "../../../session.ts";
import { Button } from "../../../ui/button.tsx";
import { useMenu } from "../../../ui/use-menu.ts";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ChangeRole } from "./change-role.tsx";
import { DeleteUser } from "./delete-user.tsx";
import { EndSessions } from "./end-sessions.tsx";
import { GiveCredits } from "./give-credits.tsx";
import { PasswordLink } from "./password-link.tsx";
import { RenameUser } from "./rename-user.tsx";
import { ResumeUser } from "./resume-user.tsx";
import { SetPriceGroup } from "./set-price-group.tsx";
import { SuspendUser } from "./suspend-user.tsx";
import { TakeCredits } from "./take-credits.tsx";

const dialogs = {
  give: GiveCredits,
  take: TakeCredits,
  rename: RenameUser,
  role: ChangeRole,
  priceGroup: SetPriceGroup,
  passwordLink: PasswordLink,
  endSessions: EndSessions,
  suspend: SuspendUser,
  resume: ResumeUser,
  remove: DeleteUser,
} as const;

type ActName = keyof typeof dialogs;

const byAdmin: readonly ActName[] = [
  "rename",
  "role",
  "priceGroup",
  "passwordLink",
  "endSessions",
  "suspend",
  "resume",
  "remove",
];

/** What the server refuses to staff for themselves. */
const notToOneself: readonly ActName[] = ["role", "passwordLink", "suspend", "remove"];

/** The acts that the person can do to this user: the most frequent one as a button, the others in a menu. */
export function ActMenu({ user, account }: Omit<ActProps, "onClose">) {
  const words = usersWords.useWords();
  const { session } = useSession();
  const [open, setOpen] = useState<ActName>();
  const { close, attributes } = useMenu();
  const isFinance = session.role === "finance" || session.role === "admin";
  const isSuspended = user.suspendedAt !== null;
  const hidden: readonly ActName[] = [
    isSuspended ? "suspend" : "resume",
    ...(session.userId === user.userId ? notToOneself : []),
  ];
  const acts: readonly ActName[] = [
    ...(isFinance ? (["take"] as const) : []),
    ...(session.role === "admin" ? byAdmin : []).filter((act) => !hidden.includes(act)),
  ];
  const startFromMenu = (act: ActName) => {
    close();
    setOpen(act);
  };
  const Opened = open && dialogs[open];
  return (
    <>
      {isFinance && (
        <Button look="primary" onClick={() => setOpen("give")}>
          {words.acts.give}
        </Button>
      )}
      {acts.length > 0 && (
        <details {...attributes} className="relative">
          <summary className="flex min-h-8 list-none items-center rounded-md border border-line-strong/60 bg-card px-3 font-medium hover:bg-sunken pointer-coarse:min-h-11">
            {words.acts.more}
          </summary>
          <ul className="absolute right-0 z-10 mt-1 w-56 rounded-md border border-line bg-card p-1 shadow-lg">
            {acts.map((act) => (
              <li key={act}>
                <Button look="quiet" className="w-full justify-start! text-ink!" onClick={() => startFromMenu(act)}>
                  {words.acts[act]}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {Opened && <Opened user={user} account={account} onClose={() => setOpen(undefined)} />}
    </>
  );
}
