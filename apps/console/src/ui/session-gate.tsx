import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { applyLanguage } from "../apply-language.ts";
import { basePath } from "../base.ts";
import { connection } from "../connection.ts";
import { jifen, noteUser, toJifenError } from "../jifen.ts";
import { SESSION_KEY } from "../query-client.ts";
import { type Session, SessionContext, type SessionState } from "../session.ts";
import { useBrandColor } from "../use-brand-color.ts";
import { gateWords } from "../words/gate.ts";
import { ErrorNotice } from "./notice.tsx";

const REFRESH_MS = 60_000;
/** How often the server is tried again while it cannot be reached. */
const RECONNECT_MS = 3_000;

type SessionGateProps = {
  /** Where a person goes who does not belong here; undefined when the person does. */
  readonly elsewhere: (session: Session) => string | undefined;
  readonly children: ReactNode;
};

/** Shows the pages to a person who is logged in, and sends everybody else to the login page, which leads back here. */
export function SessionGate({ elsewhere, children }: SessionGateProps) {
  const lostAt = useSyncExternalStore(connection.subscribe, connection.lostAt);
  const query = useQuery({
    queryKey: SESSION_KEY,
    queryFn: readSession,
    refetchInterval: lostAt === undefined ? REFRESH_MS : RECONNECT_MS,
    refetchOnWindowFocus: "always",
  });
  const { data: state } = query;
  useBrandColor(state?.brand);
  const error = toJifenError(query.error);
  const session = state?.session;
  const leaveTo = state && (session ? elsewhere(session) : state.setup.needsFirstAdmin ? undefined : loginPath());
  useEffect(() => {
    if (leaveTo !== undefined) location.replace(leaveTo);
  }, [leaveTo]);
  if (state && session && leaveTo === undefined) {
    return <SessionContext value={{ session, state }}>{children}</SessionContext>;
  }
  if (state?.setup.needsFirstAdmin && !session) return <NeedsFirstAdmin />;
  if (error) {
    return (
      <main className="mx-auto max-w-md p-6">
        <ErrorNotice error={error} onRetry={() => void query.refetch()} />
      </main>
    );
  }
  return null;
}

/** Reads the session. What was read for another user is forgotten with the page. */
async function readSession(): Promise<SessionState> {
  const state = await jifen.session.current.query();
  if (noteUser(state.session?.userId)) {
    location.reload();
    // The page as it is must not show the data of one user to the other.
    return new Promise(() => undefined);
  }
  if (state.session && applyLanguage(state.session)) return new Promise(() => undefined);
  return state;
}

const loginPath = () =>
  `${basePath}login?to=${encodeURIComponent(location.pathname + location.search + location.hash)}`;

function NeedsFirstAdmin() {
  const words = gateWords.useWords();
  return (
    <main className="mx-auto grid max-w-lg gap-3 p-6">
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <p>{words.where}</p>
      <p>{words.again}</p>
      <pre className="overflow-x-auto rounded-md border border-line bg-card p-3 font-mono">
        npm run jifen admin create
      </pre>
    </main>
  );
}
