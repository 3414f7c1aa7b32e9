import { operations } from "@jifen/contract";
import { ok, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { checkPassword } from "../use-cases/check-password.ts";
import { keepSignIn } from "../use-cases/keep-sign-in.ts";
import { recordSeen } from "../use-cases/record-seen.ts";

/** Exchanges an e-mail address and a password for a token. */
export const login = (deps: Deps) =>
  implement(operations.auth.login, async ({ input: { email, password }, address: findAddress, isPage }) => {
    const user = await deps.database.users.find(userId(email));
    const isActive = user?.suspendedAtMs === null && user.deletedAtMs === null;
    const address = await findAddress();
    const attempt = { account: email, address };
    const checked = await checkPassword(deps, { attempt, password, user, isActive });
    if (!checked.ok) return checked;
    const { id, name } = checked.value;
    await recordSeen(deps, checked.value);
    await keepSignIn(deps, { userId: id, address, by: isPage ? "browser" : "password" });
    const { token, expiresAtMs } = await deps.tokens.issue(checked.value);
    return ok({ success: true, userId: id, email: checked.value.email, name, token, expiresAt: isoTime(expiresAtMs) });
  });
