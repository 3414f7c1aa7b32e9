import type { Language, Wording } from "@jifen/contract";
import { html, raw } from "hono/html";
import { localTime } from "../../../../values/time-zones/local-time.ts";
import { type Line, linesOf } from "../lines.ts";
import type { Statement } from "../statement.ts";
import { texts } from "../texts.ts";
import { plain, signed } from "./amounts.ts";
import { style } from "./style.ts";

/** A fragment of the page. `html` escapes every text in it. */
type Html = ReturnType<typeof html>;

const locales = { zh: "zh-CN", en: "en-GB" } as const;

/** A statement, and the language of its words. */
type Shown = { readonly statement: Statement; readonly language: Language };

const monthOf = ({ statement, language }: Shown): string =>
  new Intl.DateTimeFormat(locales[language], { year: "numeric", month: "long", timeZone: "UTC" }).format(
    Date.parse(`${statement.month}-01T00:00:00Z`),
  );

/** The first and the last day of the month, as the calendar of the time zone has them. */
function periodOf({ statement: { from, to, tz }, language }: Shown): string {
  const format = new Intl.DateTimeFormat(locales[language], { dateStyle: "long", timeZone: tz });
  return `${format.format(Date.parse(from))} – ${format.format(Date.parse(to) - 1)}`;
}

/** The end of a final month is the first moment after it, which would read as a day of the next month. */
const asOf = ({ statement: { asOf: time, tz } }: Shown): string => localTime(Date.parse(time), tz).replace("T", " ");

const figure = (name: Wording, amount: string, { language, held }: { language: Language; held: number }): Html =>
  html`<div><dt>${name[language]}</dt><dd>${amount}${
    held > 0 ? html`<small>${texts.held[language]} ${plain(held, language)}</small>` : ""
  }</dd></div>`;

function figures({ statement: { opening, closing }, language }: Shown): Html {
  return html`<dl class="figures">
        ${figure(texts.opening, plain(opening.total, language), { language, held: opening.held })}
        ${figure(texts.change, signed(closing.total - opening.total, language), { language, held: 0 })}
        ${figure(texts.closing, plain(closing.total, language), { language, held: closing.held })}
      </dl>`;
}

function group({ item, count, credits, details }: Line, language: Language): Html {
  const isNothing = credits === 0 && details.length === 0;
  return html`<tbody>
          <tr class="item${isNothing ? " none" : ""}"><th scope="row">${item[language]}</th><td>${count === null || count === 0 ? "" : plain(count, language)}</td><td>${signed(credits, language)}</td></tr>
          ${details.map(
            (detail) =>
              html`<tr class="detail"><th scope="row"><bdi>${detail.name}</bdi></th><td>${plain(detail.count, language)}</td><td>${signed(detail.credits, language)}</td></tr>`,
          )}
        </tbody>`;
}

const balance = (item: Wording, total: number, language: Language): Html =>
  html`<tr class="item"><th scope="row">${item[language]}</th><td></td><td>${plain(total, language)}</td></tr>`;

function table({ statement, language }: Shown): Html {
  const { opening, closing } = statement;
  const part = (name: Wording, amount: number) =>
    html`<tr class="detail"><th scope="row">${name[language]}</th><td></td><td>${plain(amount, language)}</td></tr>`;
  return html`<table>
        <thead><tr><th scope="col">${texts.item[language]}</th><th scope="col">${texts.count[language]}</th><th scope="col">${texts.credits[language]}</th></tr></thead>
        <tbody>${balance(texts.opening, opening.total, language)}</tbody>
        ${linesOf(statement, language).map((line) => group(line, language))}
        <tbody class="closing">
          ${balance(texts.closing, closing.total, language)}
          ${closing.held > 0 ? [part(texts.available, closing.balance), part(texts.held, closing.held)] : ""}
        </tbody>
      </table>`;
}

function facts(shown: Shown): Html {
  const { statement, language } = shown;
  const made = statement.final ? "" : html`<dt>${texts.asOf[language]}</dt><dd>${asOf(shown)}</dd>`;
  return html`<dl class="facts">
        <dt>${texts.period[language]}</dt><dd>${periodOf(shown)}</dd>
        <dt>${texts.timeZone[language]}</dt><dd>${statement.tz}</dd>
        ${made}
      </dl>`;
}

/** A statement as one page, without a script or anything outside of it: for reading on a screen, and for A4. */
export function statementPage(statement: Statement, language: Language): Html {
  const shown = { statement, language };
  const month = monthOf(shown);
  const state = statement.final ? texts.final : texts.provisional;
  const notes = [
    statement.final ? texts.finalNote : texts.provisionalNote,
    ...(statement.opening.held > 0 || statement.closing.held > 0 ? [texts.heldNote] : []),
    ...(statement.expired > 0 ? [texts.expiredNote] : []),
  ];
  return html`<!doctype html>
<html lang="${language === "en" ? "en" : "zh-CN"}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${texts.title[language]} ${month}</title>
    <style>${raw(style)}</style>
  </head>
  <body>
    <main>
      <header><p class="brand">Jifen 积分</p><p>${texts.title[language]}</p></header>
      <h1>${month}<span class="state${statement.final ? "" : " provisional"}">${state[language]}</span></h1>
      <p class="user">${statement.userId}</p>
      ${facts(shown)}
      ${figures(shown)}
      ${table(shown)}
      <footer>${notes.map((note) => html`<p>${note[language]}</p>`)}</footer>
    </main>
  </body>
</html>`;
}
