import type { operations } from "@jifen/contract";
import type { UserId } from "@jifen/core";
import type { z } from "zod";
import type { Deps } from "../deps.ts";

/** How a user has logged in. */
export type SignInKind = z.output<typeof operations.auth.signIns.output>["items"][number]["by"];

/** A log-in that succeeded. */
type SignInOf = { readonly userId: UserId; readonly address: string; readonly by: SignInKind };

/**
 * Stores a log-in, so that its user can see those of others. Never rejects: a user can log in while the database cannot be
 * written.
 */
export const keepSignIn = async (
  { database, nowMs }: Pick<Deps, "nowMs"> & { readonly database: Pick<Deps["database"], "users"> },
  { userId, address, by }: SignInOf,
): Promise<void> => database.users.addSignIn(userId, { atMs: nowMs(), address, by }).catch(() => undefined);
