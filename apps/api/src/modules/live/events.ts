import { type Access, type Refusal, streams } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { implementStream } from "../../trpc/stream.ts";
import { authenticate } from "../identity/credentials/authenticate.ts";
import { type Caller, mayCall } from "../identity/credentials/caller.ts";
import type { Deps } from "./deps.ts";
import { eventBytes } from "./event-bytes.ts";
import { eventId } from "./event-id.ts";
import { type LiveKind, Subscriber } from "./subscriber.ts";

const { events: operation } = streams.live;

/** What a service key needs to see each kind. */
const scopes = { log: "logs:read", balance: "credits:read" } as const satisfies Record<LiveKind, Access["scope"]>;

const maySee = (caller: Caller, kind: LiveKind): boolean =>
  mayCall({ roles: operation.caller.roles, scope: scopes[kind] }, caller);

/** Sends what is new for the caller, as long as the client reads it. */
export const events = ({ live, authentication }: Deps) =>
  implementStream(operation, async ({ input, caller, header, signal }) => {
    const kinds = kindsFor(caller, input.kinds);
    if (!kinds.ok) return kinds;
    const since = sinceOf(input.lastEventId ?? header("last-event-id"));
    if (!since.ok) return since;
    const start = async () => {
      const subscriber = new Subscriber(caller.userId, kinds.value);
      const check = async () => {
        const credentials = { authorization: header("authorization"), claimedUserId: header("x-user-id") };
        const again = await authenticate(authentication, credentials).catch(() => undefined);
        if (again === undefined) subscriber.hold();
        else if (again.ok) subscriber.restrictTo((kind) => maySee(again.value, kind));
        else subscriber.end();
      };
      // A session that has ended at another server a moment ago is refused here, and not a moment later.
      await check();
      if (subscriber.isEnded) return refuse({ code: "UNAUTHENTICATED", reason: "invalid_token" } as const);
      const opened = await live.open({ subscriber, check, sinceMs: since.value });
      if (!opened.ok) return opened;
      const close = () => live.close(subscriber);
      signal.addEventListener("abort", close, { once: true });
      return ok(eventBytes(subscriber, close));
    };
    return ok({ contentType: "text/event-stream" as const, start });
  });

/** The kinds that were asked for, or those that the caller may see. Refuses: FORBIDDEN. */
function kindsFor(
  caller: Caller,
  asked: readonly LiveKind[] | undefined,
): Outcome<ReadonlySet<LiveKind>, Refusal<"FORBIDDEN">> {
  const kinds = asked ?? (["log", "balance"] as const).filter((kind) => maySee(caller, kind));
  const hidden = kinds.find((kind) => !maySee(caller, kind));
  if (hidden === undefined) return ok(new Set(kinds));
  return refuse({ code: "FORBIDDEN", roles: operation.caller.roles, scope: scopes[hidden] });
}

/** A new stream has no last event; `EventSource` of browsers then sends none, other clients an empty text. */
const sinceOf = (text: string | undefined) => (text === undefined || text === "" ? ok(undefined) : eventId.read(text));
