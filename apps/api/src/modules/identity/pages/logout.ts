import type { Refusal } from "@jifen/contract";
import type { Context as HonoContext } from "hono";
import type { Env } from "../../../http/env.ts";
import { requestIdOf } from "../../../http/responses.ts";
import { endSession } from "../use-cases/end-session.ts";
import type { PageDeps } from "./deps.ts";
import { viewOf } from "./preferences.ts";
import { type PageResponses, refusalPage } from "./respond.ts";
import { words } from "./words.ts";

/** Ends each session that the browser has a cookie of, and removes its cookie and what pages have stored in the browser. */
export const logoutPage =
  ({ identity, responses }: PageDeps, pages: PageResponses) =>
  async (c: HonoContext<Env>): Promise<Response> => {
    if (pages.isForeign(c)) {
      const refusal: Refusal = { code: "FOREIGN_ORIGIN" };
      const view = viewOf(c, responses);
      return pages.page(c, refusalPage(words[view.language].login.title, refusal, view), { refusal });
    }
    const { browserSessions } = identity;
    for (const token of browserSessions.cookie.tokensIn(c.req.header("cookie"))) {
      const session = await browserSessions.find(token);
      if (!session) continue;
      const { userId, jti, issuedAtMs, endsAtMs } = session;
      const ended = { userId, actor: `user:${userId}`, session: { jti, issuedAtMs, expiresAtMs: endsAtMs } };
      await endSession(identity, ended, requestIdOf(c));
    }
    return pages.redirect(c, "login", {
      "Set-Cookie": browserSessions.cookie.clear(),
      "Clear-Site-Data": '"storage"',
    });
  };
