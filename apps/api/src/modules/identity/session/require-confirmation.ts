import type { Refusal, Scope } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Caller } from "../credentials/caller.ts";
import { confirmedUntilMs } from "./lifetimes.ts";

/**
 * Whether the caller may do an act for which a browser that was left open is not enough: the password was given a short
 * time ago. It concerns sessions of browsers alone. Refuses: CONFIRMATION_REQUIRED.
 */
export const requireConfirmation = (
  { browser }: Pick<Caller, "browser">,
  nowMs: number,
): Outcome<undefined, Refusal<"CONFIRMATION_REQUIRED">> =>
  browser && confirmedUntilMs(browser.confirmedAtMs) <= nowMs
    ? refuse({ code: "CONFIRMATION_REQUIRED" })
    : ok(undefined);

const powerfulScopes: ReadonlySet<string> = new Set<Scope>(["admin", "act-as", "credits:grant"]);

/** The same for an act that reveals the secret of a key with these scopes: it counts for a key that can change any account. */
export const requireConfirmationForScopes = (
  caller: Pick<Caller, "browser">,
  scopes: readonly string[],
  nowMs: number,
): Outcome<undefined, Refusal<"CONFIRMATION_REQUIRED">> =>
  scopes.some((scope) => powerfulScopes.has(scope)) ? requireConfirmation(caller, nowMs) : ok(undefined);
