export type { Branded } from "./branded.ts";
export { type Credits, credits, MAX_AMOUNT, MAX_BALANCE } from "./credits.ts";
export * from "./ids.ts";
export { InvariantError, invariant } from "./invariant.ts";
export {
  type EntryKind,
  entryKinds,
  type GrantSource,
  grantSources,
  type HoldState,
  holdStates,
} from "./kinds.ts";
export { type Outcome, ok, refuse } from "./outcome.ts";
export * from "./owner.ts";
