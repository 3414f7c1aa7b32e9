import { events } from "./live.ts";

/** The streams of live events, by noun and verb. */
export const liveStreams = { live: { events } } as const;
