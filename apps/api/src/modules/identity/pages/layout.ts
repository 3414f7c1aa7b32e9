import type { Language } from "@jifen/contract";
import { html, raw } from "hono/html";
import type { Brand } from "../session/settings.ts";
import { logo } from "./icon.ts";
import type { View } from "./preferences.ts";
import { words } from "./words.ts";

/** A fragment of a page. */
export type Html = ReturnType<typeof html>;

/** What is special to one page. */
export type Page = {
  readonly title: string;
  readonly body: Html;
  /** Links and sentences below the form. */
  readonly below?: Html | undefined;
  /** Its only script. */
  readonly script?: string;
};

/** What a page is put into. */
type Frame = {
  readonly view: View;
  readonly brand: Brand;
  readonly style: string;
  /** The address of this page in another language. */
  readonly inLanguage: (language: Language) => string;
};

/** A whole page. Its links are relative: behind a proxy the server can have a path. */
export function layout({ title, body, below, script }: Page, { view, brand, style, inLanguage }: Frame): Html {
  const { language, theme } = view;
  const other = language === "zh" ? "en" : "zh";
  const text = words[language];
  return html`<!doctype html>
<html lang="${htmlLanguage(language)}"${theme === undefined ? "" : raw(` data-theme="${theme}"`)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${brand.name}</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<style>${raw(style)}</style>
</head>
<body>
<header>${brand.logoUrl === null ? raw(logo) : html`<img class="logo" src="${brand.logoUrl}" alt="">`}<span>${brand.name}</span></header>
<main>
<div class="card">
<h1>${title}</h1>
${body}
</div>
${below === undefined ? "" : html`<div class="links">${below}</div>`}
</main>
<footer>
<a href="${inLanguage(other)}" lang="${htmlLanguage(other)}" hreflang="${htmlLanguage(other)}">${text.other}</a>
${brand.supportUrl === null ? "" : html`<a href="${brand.supportUrl}">${text.support}</a>`}
</footer>
${script === undefined ? "" : html`<script>${raw(script)}</script>`}
</body>
</html>`;
}

/** The language tag of a page. */
const htmlLanguage = (language: Language): string => (language === "en" ? "en" : "zh-CN");

/** A text field of a form. */
type Field = {
  readonly name: string;
  /** Before the ids of its hint and its error, where several forms have a field of this name. */
  readonly scope?: string;
  readonly label: string;
  readonly type?: "password";
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly hint?: string;
  /** What is wrong with the text that was sent; empty where a script will say it. */
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  readonly hasFocus?: boolean;
  /** The browser's own checks. */
  readonly minLength?: number;
  readonly maxLength?: number;
};

/** A text field with its label, its hint and its error. The type "email" of browsers refuses addresses beyond ASCII. */
export function field(each: Field): Html {
  const { name, scope, label, type, autocomplete, value, hint, error } = each;
  const id = scope === undefined ? name : `${scope}-${name}`;
  const describedBy = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(error === undefined ? [] : [`${id}-error`]),
  ].join(" ");
  const attributes = [
    type === "password" ? ' type="password"' : name === "email" ? ' inputmode="email" autocapitalize="none"' : "",
    each.isOptional ? "" : " required",
    each.hasFocus ? " autofocus" : "",
    each.minLength === undefined ? "" : ` minlength="${each.minLength}"`,
    each.maxLength === undefined ? "" : ` maxlength="${each.maxLength}"`,
    error ? ' aria-invalid="true"' : "",
    describedBy === "" ? "" : ` aria-describedby="${describedBy}"`,
  ].join("");
  return html`<div class="field"><label>${label}<input name="${name}" autocomplete="${autocomplete}"${value === undefined ? "" : html` value="${value}"`}${raw(attributes)}></label>${hint === undefined ? "" : html`<span class="hint" id="${id}-hint">${hint}</span>`}${error === undefined ? "" : html`<span class="error" id="${id}-error" role="alert">${error}</span>`}</div>`;
}

/** A sentence about the whole form. */
export const notice = (text: string, kind: "good" | "bad"): Html =>
  html`<p class="notice ${kind}" role="${kind === "bad" ? "alert" : "status"}">${text}</p>`;
