import { Link, Outlet } from "@tanstack/react-router";
import { useSession } from "../session.ts";
import { Announcer } from "../ui/announcer.tsx";
import { ConnectionBar } from "../ui/connection-bar.tsx";
import { Seal } from "../ui/seal.tsx";
import { SessionGate } from "../ui/session-gate.tsx";
import { SkipLink } from "../ui/skip-link.tsx";
import { TopBar } from "../ui/top-bar.tsx";
import { AreaLink, UserMenu } from "../ui/user-menu.tsx";
import { accountWords } from "../words/account.ts";
import { Navigation } from "./navigation.tsx";

/** The frame of the account pages, for every user. */
export const Shell = () => (
  <SessionGate elsewhere={() => undefined}>
    <Frame />
  </SessionGate>
);

function Frame() {
  const words = accountWords.useWords();
  const { role } = useSession().session;
  return (
    <div data-area="account">
      <SkipLink />
      <TopBar
        start={
          <Link to="/account" className="flex min-h-11 min-w-0 items-center no-underline">
            <Seal />
          </Link>
        }
        menu={<UserMenu>{role !== "user" && <AreaLink area="console">{words.console}</AreaLink>}</UserMenu>}
      />
      <Navigation />
      <ConnectionBar />
      <main id="content" className="mx-auto max-w-[67rem] px-4 pt-4 pb-24 md:px-6 md:pb-10">
        <Outlet />
      </main>
      <Announcer />
    </div>
  );
}
