import type { Language } from "@jifen/client";
import { JifenProvider } from "@jifen/client/react";
import type { ReactNode } from "react";
import type { User } from "../lib/jifen-server.ts";
import { Nav, type PageName } from "./nav.tsx";
import { TopBar } from "./top-bar.tsx";

type PageFrameProps = {
  readonly language: Language;
  readonly user: User;
  /** The balance, if the page has read it. */
  readonly initialBalance?: number;
  readonly current?: PageName | undefined;
  readonly children: ReactNode;
};

/** What every page of a logged-in user has: the header, the links, and the account for hooks and components. */
export function PageFrame({ language, user, initialBalance, current, children }: PageFrameProps) {
  return (
    <div className="mx-auto flex max-w-4xl flex-col px-4 pb-12 sm:px-6">
      <TopBar language={language} name={user.name} />
      <div className="pt-3 pb-5">
        <Nav language={language} current={current} />
      </div>
      <JifenProvider userId={user.userId} language={language} initialBalance={initialBalance}>
        {children}
      </JifenProvider>
    </div>
  );
}
