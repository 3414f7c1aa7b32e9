import { Outlet } from "@tanstack/react-router";
import { basePath } from "../base.ts";
import { useSession } from "../session.ts";
import { Announcer } from "../ui/announcer.tsx";
import { ConnectionBar } from "../ui/connection-bar.tsx";
import { RoleGate } from "../ui/role-gate.tsx";
import { Seal } from "../ui/seal.tsx";
import { SessionGate } from "../ui/session-gate.tsx";
import { SkipLink } from "../ui/skip-link.tsx";
import { TopBar } from "../ui/top-bar.tsx";
import { AreaLink, UserMenu } from "../ui/user-menu.tsx";
import { shellWords } from "../words/shell.ts";
import { Navigation } from "./navigation.tsx";
import { SearchBox } from "./search-box.tsx";
import { ShortcutKeys } from "./shortcut-keys.tsx";

/** The frame of the console, for staff. A user without a role is sent to the account pages. */
export const Shell = () => (
  <SessionGate elsewhere={({ role }) => (role === "user" ? `${basePath}account` : undefined)}>
    <Frame />
  </SessionGate>
);

function Frame() {
  const words = shellWords.useWords();
  const { session } = useSession();
  return (
    <div data-area="console" className="md:grid md:min-h-dvh md:grid-cols-[13rem_minmax(0,1fr)]">
      <SkipLink />
      <Navigation role={session.role} />
      <div className="min-w-0">
        <TopBar
          start={
            <div className="min-w-0 md:hidden">
              <Seal />
            </div>
          }
          menu={
            <>
              <SearchBox />
              <UserMenu>
                <AreaLink area="account">{words.account}</AreaLink>
              </UserMenu>
            </>
          }
        />
        <ConnectionBar />
        <main id="content" className="mx-auto max-w-7xl px-4 pt-4 pb-24 md:px-6 md:pb-10">
          <RoleGate>
            <Outlet />
          </RoleGate>
        </main>
      </div>
      <Announcer />
      <ShortcutKeys role={session.role} />
    </div>
  );
}
