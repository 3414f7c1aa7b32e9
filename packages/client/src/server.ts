export { type JifenFailure, type JifenResult, settle } from "./result.ts";
export { createJifenHandler, type JifenHandlerOptions } from "./server/handler.ts";
export type { JifenIdentity } from "./server/identity.ts";
export { defaultPaths, type JifenPath } from "./server/paths.ts";
export { placeHold, type WantedHold } from "./server/place-hold.ts";
