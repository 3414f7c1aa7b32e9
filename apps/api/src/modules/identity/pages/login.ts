import type { Refusal } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { html } from "hono/html";
import type { Env } from "../../../http/env.ts";
import { hasNoAdmin } from "../use-cases/first-admin.ts";
import type { PageDeps } from "./deps.ts";
import { fieldError, formError } from "./form-errors.ts";
import { field, type Html, type Page } from "./layout.ts";
import { type View, viewOf } from "./preferences.ts";
import { type Fields, readForm } from "./read-form.ts";
import { type PageResponses, refusalPage } from "./respond.ts";
import { runOnPage } from "./run-on-page.ts";
import { startSession } from "./start-session.ts";
import { words } from "./words.ts";

/** What the form shows: the fields that were sent, and why they were refused. */
type Shown = View & { readonly fields: Fields; readonly refusal?: Refusal };

/** The log-in page, and the log-in that it submits. It runs no script. */
export function loginPages(deps: PageDeps, pages: PageResponses) {
  const { identity, http, responses } = deps;
  const render = async ({ language, fields, refusal }: Shown): Promise<Page> => {
    const text = words[language];
    const { email, to } = fields;
    const wrong = refusal?.code === "INVALID_CREDENTIALS" ? text.login.wrong : undefined;
    const emailError = fieldError(refusal, "email", language);
    return {
      title: text.login.title,
      body: html`${formError(refusal, { language, shownAtFields: ["INVALID_CREDENTIALS", "VALIDATION_FAILED"] })}
<form method="post" action="login">
${to === undefined ? "" : html`<input type="hidden" name="to" value="${to}">`}
${field({ name: "email", label: text.email, autocomplete: "username", value: email, error: emailError, hasFocus: wrong === undefined })}
${field({ name: "password", label: text.password, type: "password", autocomplete: "current-password", error: wrong ?? fieldError(refusal, "password", language), hasFocus: wrong !== undefined })}
<button>${text.login.submit}</button>
</form>`,
      below: await links(deps, language),
    };
  };

  const submit = async (c: HonoContext<Env>): Promise<Response> => {
    const view = viewOf(c, responses);
    const received = pages.isForeign(c) ? refuse<Refusal>({ code: "FOREIGN_ORIGIN" }) : await readForm(c);
    if (!received.ok) {
      const { refusal } = received;
      return pages.page(c, refusalPage(words[view.language].login.title, refusal, view), { refusal });
    }
    const fields = received.value;
    const { email = "", password = "", to } = fields;
    const { outcome, headers, call } = await runOnPage(deps, c, {
      verb: "login",
      input: { email, password },
      language: view.language,
    });
    if (!outcome.ok) {
      const { refusal } = outcome;
      return pages.page(c, await render({ ...view, fields, refusal }), { refusal, headers, call });
    }
    const { userId: id } = outcome.value as { readonly userId: string };
    const started = await startSession(identity, { userId: userId(id), to, publicUrl: http.publicUrl() });
    // Suspended in this moment.
    if (!started) return pages.redirect(c, "login");
    return pages.redirect(c, started.target, { ...headers, "Set-Cookie": started.setCookie });
  };

  return {
    show: pages.get((c, view) => {
      const to = c.req.query("to");
      return render({ ...view, fields: to === undefined ? {} : { to } });
    }),
    submit,
  };
}

/** How to get an account or a new password, and what to do while there is no admin. */
async function links({ identity }: PageDeps, language: View["language"]): Promise<Html> {
  const text = words[language];
  // Without a database the form is still shown, and its submission says what is wrong.
  const needsAdmin = await hasNoAdmin(identity).catch(() => false);
  return html`${needsAdmin ? html`<p class="notice">${text.noAdmin} <code>jifen admin create me@example.com</code></p>` : ""}
${identity.mailer ? html`<p><a href="forgot">${text.forgot.link}</a></p>` : html`<p>${text.forgot.askAdmin}</p>`}
${identity.registrationMailer ? html`<p><a href="register">${text.register.link}</a></p>` : ""}`;
}
