import type { Refusal } from "@jifen/contract";
import { refuse } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { html } from "hono/html";
import type { Env } from "../../../http/env.ts";
import type { PageDeps } from "./deps.ts";
import { fieldError, formError } from "./form-errors.ts";
import { field, type Html, notice, type Page } from "./layout.ts";
import { type View, viewOf } from "./preferences.ts";
import { type Fields, readForm } from "./read-form.ts";
import { type PageResponses, refusalPage } from "./respond.ts";
import { runOnPage } from "./run-on-page.ts";
import { words } from "./words.ts";

/** A page whose form requests a one-time link by e-mail. */
type LinkRequestPage = {
  readonly path: "register" | "forgot";
  readonly verb: "register" | "forgotPassword";
  /** Why this server sends no such link; undefined when it does. */
  readonly closed: Refusal | undefined;
  readonly hasName: boolean;
};

const backToLogin = ({ language }: View): Html => html`<p><a href="login">${words[language].backToLogin}</a></p>`;

/** A page that requests a link. Its answer does not tell whether the address is that of a user. */
function linkRequestPages(deps: PageDeps, pages: PageResponses, { path, verb, closed, hasName }: LinkRequestPage) {
  const closedPage = (refusal: Refusal, view: View): Page => ({
    ...refusalPage(words[view.language][path].title, refusal, view),
    below: backToLogin(view),
  });
  const form = (view: View, fields: Fields, refusal?: Refusal): Page => {
    const { language } = view;
    const text = words[language];
    const { title, explanation, submit } = text[path];
    const error = (name: string) => fieldError(refusal, name, language);
    const named = { name: "name", label: text.name, autocomplete: "name", value: fields["name"], maxLength: 100 };
    return {
      title,
      body: html`${formError(refusal, { language, shownAtFields: ["VALIDATION_FAILED"] })}
<p>${explanation}</p>
<form method="post" action="${path}">
${field({ name: "email", label: text.email, autocomplete: "username", value: fields["email"], error: error("email"), hasFocus: true })}
${hasName ? field({ ...named, error: error("name"), isOptional: true }) : ""}
<button>${submit}</button>
</form>`,
      below: backToLogin(view),
    };
  };
  const submit = async (c: HonoContext<Env>): Promise<Response> => {
    const view = viewOf(c, deps.responses);
    const received = pages.isForeign(c) ? refuse<Refusal>({ code: "FOREIGN_ORIGIN" }) : await readForm(c);
    if (!received.ok) {
      const { refusal } = received;
      return pages.page(c, closedPage(refusal, view), { refusal });
    }
    const { email = "", name } = received.value;
    const input = hasName && name !== undefined ? { email, name } : { email };
    const { outcome, headers, call } = await runOnPage(deps, c, { verb, input, language: view.language });
    if (!outcome.ok) {
      const { refusal } = outcome;
      const page = closed ? closedPage(refusal, view) : form(view, received.value, refusal);
      return pages.page(c, page, { refusal, headers, call });
    }
    const { title, sent } = words[view.language][path];
    return pages.page(c, { title, body: notice(sent(email), "good"), below: backToLogin(view) }, { headers });
  };
  return { show: pages.get((_, view) => (closed ? closedPage(closed, view) : form(view, {}))), submit };
}

/** The page that requests a link to register. */
export const registerPages = (deps: PageDeps, pages: PageResponses) =>
  linkRequestPages(deps, pages, {
    ...{ path: "register", verb: "register", hasName: true },
    closed: deps.identity.registrationMailer ? undefined : { code: "REGISTRATION_CLOSED" },
  });

/** The page that requests a link to set a new password. */
export const forgotPages = (deps: PageDeps, pages: PageResponses) =>
  linkRequestPages(deps, pages, {
    ...{ path: "forgot", verb: "forgotPassword", hasName: false },
    closed: deps.identity.mailer ? undefined : { code: "MAIL_NOT_CONFIGURED" },
  });
