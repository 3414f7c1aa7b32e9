import type { Deps } from "./deps.ts";
import { events } from "./events.ts";

/** The implementations of the streams of live events. */
export const liveStreams = (deps: Deps) => ({ live: { events: events(deps) } });
