import { useMatches } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Role, useSession } from "../session.ts";
import { uiWords } from "../words/ui.ts";

declare module "@tanstack/react-router" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: the router asks for an interface to be extended
  interface StaticDataRouteOption {
    /** Who can see the page; everybody who sees the frame if it is missing. */
    readonly roles?: readonly Role[];
  }
}

/** Shows the page, or which roles can see it. A page that is not shown has sent no request. */
export function RoleGate({ children }: { readonly children: ReactNode }) {
  const words = uiWords.useWords();
  const { session } = useSession();
  const matches = useMatches();
  const forbidding = matches.find(({ staticData }) => staticData.roles && !staticData.roles.includes(session.role));
  const roles = forbidding?.staticData.roles;
  if (!roles) return children;
  return (
    <div className="grid gap-2">
      <h1 className="text-xl font-semibold">{words.forbidden}</h1>
      <p>{words.forbiddenText(roles.map((role) => words.roles[role]).join(words.listSeparator))}</p>
    </div>
  );
}
