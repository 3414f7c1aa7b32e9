import type { Branded } from "./branded.ts";
import type { UserId } from "./ids.ts";

/** The kinds of credentials that place holds: a session of a user, or a service key. */
export const holderKinds = ["user", "service"] as const;

/** A kind of credential that places holds. */
export type HolderKind = (typeof holderKinds)[number];

/**
 * The owner of a credential, `<kind>:<user id>`: a user in person, or the service that a user owns keys for. All service
 * keys of a user have the same owner, so that a key can be replaced by another one.
 */
export type Owner = Branded<string, "Owner">;

/** The party that placed a hold. Holds of versions that did not store the owner have only its kind. */
export type Holder = Owner | HolderKind;

/** The owner of the sessions or of the service keys of a user. */
export const ownerOf = (kind: HolderKind, user: UserId): Owner => `${kind}:${user}` as Owner;

/** The kind of a holder. */
export const holderKindOf = (holder: Holder): HolderKind =>
  holder === "service" || holder.startsWith("service:") ? "service" : "user";
