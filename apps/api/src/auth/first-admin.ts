import { operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { nobodyYet } from "../identity/first-admin.ts";
import { readLink } from "../identity/links.ts";
import { createUser } from "../identity/new-user.ts";
import { weakPassword } from "../identity/password-rule.ts";
import { isoTime } from "../iso-time.ts";
import { implement } from "../trpc.ts";

/** The first who may do everything. Of many who open the link at once, one becomes it. */
export const firstAdmin = (deps: Deps) =>
  implement(operations.auth.firstAdmin, async ({ input, requestId }) => {
    const { database, nowMs, passwords, passwordRule, tokens, users } = deps;
    const read = readLink(input.token, "first-admin");
    const use = () => read && { ...read, nowMs: nowMs() };
    const works = async () => {
      const link = use();
      return link !== undefined && link.userId === nobodyYet && (await database.links.find(link)) !== undefined;
    };
    if (!(await works()) || !(await database.users.isEmpty("admin"))) return refuse({ code: "LINK_OVER" });
    const { email, name, newPassword } = input;
    const wrong = passwordRule(newPassword, email);
    if (wrong !== undefined) return refuse(weakPassword("newPassword", wrong));
    const person = { email, name, passwordHash: await passwords.hash(newPassword), role: "admin" } as const;
    const by = { actor: "link", requestId };
    const making = { by, action: "users.create", link: use() };
    if (!(await createUser(deps, { ...person, initialCredits: deps.initialCredits }, making))) {
      return refuse({ code: (await works()) ? "EMAIL_TAKEN" : "LINK_OVER" });
    }
    const id = userId(email);
    users.forget(id);
    const user = await database.users.find(id);
    if (!user) return refuse({ code: "LINK_OVER" });
    const { token, expiresAtMs } = await tokens.issue(user);
    return ok({ success: true, userId: id, token, expiresAt: isoTime(expiresAtMs) });
  });
