import type { JifenOutputs } from "@jifen/client";
import { createContext, use } from "react";

/** The answer of `session.current`. */
export type SessionState = JifenOutputs["session"]["current"];
/** The session of the person who is logged in. */
export type Session = NonNullable<SessionState["session"]>;

/** What the pages know of the session and of the server. */
export type KnownSession = { readonly session: Session; readonly state: SessionState };

export const SessionContext = createContext<KnownSession | undefined>(undefined);

/** The session, in a page behind the session gate. */
export function useSession(): KnownSession {
  const known = use(SessionContext);
  if (!known) throw new Error("this component is outside of the session gate");
  return known;
}

/** The role of the person. */
export type Role = Session["role"];
