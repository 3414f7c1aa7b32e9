import type { Refusal } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { html } from "hono/html";
import type { Env } from "../../../http/env.ts";
import { keepSignIn } from "../use-cases/keep-sign-in.ts";
import { parseLinkToken } from "../use-cases/one-time-links.ts";
import type { PageDeps } from "./deps.ts";
import { field, type Html, type Page } from "./layout.ts";
import { linkScript } from "./link-script.ts";
import { type View, viewOf } from "./preferences.ts";
import { readForm } from "./read-form.ts";
import type { PageResponses } from "./respond.ts";
import { runOnPage } from "./run-on-page.ts";
import { startSession } from "./start-session.ts";
import { words } from "./words.ts";

/** The operation of each purpose of a link. */
const verbs = {
  password: "resetPassword",
  registration: "confirmRegistration",
  "first-admin": "firstAdmin",
} as const;

type Purpose = keyof typeof verbs;

const isPurpose = (text: string): text is Purpose => Object.hasOwn(verbs, text);

/** The page that one-time links open, and what its forms submit: the browser is logged in afterwards. */
export function linkPages(deps: PageDeps, pages: PageResponses) {
  const { http, identity, responses } = deps;

  const submit = async (c: HonoContext<Env>): Promise<Response> => {
    const received = pages.isForeign(c) ? refuse<Refusal>({ code: "FOREIGN_ORIGIN" }) : await readForm(c);
    if (!received.ok) return responses.refusal(c, received.refusal);
    const { purpose = "", token = "", ...input } = received.value;
    if (!isPurpose(purpose)) return responses.refusal(c, { code: "LINK_EXPIRED" });
    const { language } = viewOf(c, responses);
    const { outcome, headers, call } = await runOnPage(deps, c, {
      verb: verbs[purpose],
      input: { token, ...input },
      language,
    });
    if (!outcome.ok) return responses.refusal(c, outcome.refusal, { headers, call });
    // The first admin is named by the form, every other user by the link.
    const { userId: made } = outcome.value as { readonly userId?: string };
    const id = made === undefined ? parseLinkToken(token, purpose)?.userId : userId(made);
    const started = id && (await startSession(identity, { userId: id, publicUrl: http.publicUrl() }));
    // Those who register are recorded where their user is created.
    if (started && purpose === "password") {
      await keepSignIn(identity, { userId: id, address: http.clientAddress(c.env.incoming), by: "link" });
    }
    // A suspended user can set a password as well, but not log in.
    if (!started) return responses.json(c, { to: "login" }, { headers });
    return responses.json(
      c,
      { to: started.target },
      { headers: { ...headers, "Cache-Control": "no-store", "Set-Cookie": started.setCookie } },
    );
  };

  return { show: pages.get((_, view) => linkPage(view, deps.minPasswordLength)), submit };
}

/** The page that one-time links open. It shows no form before its script has read the purpose of the link. */
function linkPage({ language }: View, minLength: number): Page {
  const text = words[language];
  const password = (scope: Purpose) =>
    field({
      ...{ name: "newPassword", scope, label: text.newPassword, type: "password", autocomplete: "new-password" },
      ...{ hint: text.passwordRule(minLength), error: "", minLength },
    });
  const form = (purpose: Purpose, title: string, fields: Html): Html =>
    html`<form name="${purpose}" data-title="${title}" hidden>${fields}<button>${title}</button></form>`;
  const email = field({ name: "email", scope: "first-admin", label: text.email, autocomplete: "username", error: "" });
  const name = field({
    ...{ name: "name", scope: "first-admin", label: text.name, autocomplete: "name" },
    ...{ isOptional: true, maxLength: 100, error: "" },
  });
  return {
    title: text.link.title,
    body: html`${form("password", text.link.setPassword, password("password"))}
${form("registration", text.link.completeRegistration, password("registration"))}
${form("first-admin", text.link.createAdmin, html`${email}${name}${password("first-admin")}`)}
<p id="status" role="status" hidden data-invalid="${text.link.invalid}" data-wait="${text.link.wait}" data-offline="${text.link.offline}"></p>
<noscript><p class="notice bad">${text.link.noScript}</p></noscript>`,
    below: html`<p><a href="login">${text.backToLogin}</a></p>`,
    script: linkScript,
  };
}
