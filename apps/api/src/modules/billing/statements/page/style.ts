import { cspHash } from "../../../../http/csp-hash.ts";

/**
 * The only style of the page. On a screen it follows the color scheme of the browser; on paper it is black on white, and A4. A
 * group of lines is not divided by the end of a page unless it is longer than one.
 */
const screen = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --soft: light-dark(#5c6670, #9aa4ae); --rule: light-dark(#dfe3e8, #33383f); --strong: light-dark(#1b1f24, #e8eaed); --sheet: light-dark(#fff, #16191d); --desk: light-dark(#f3f4f6, #0d0f12); --accent: light-dark(#0b5f4a, #6fcfb2); }
* { box-sizing: border-box; }
body { background: var(--desk); color: var(--ink); font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0; padding: 2.5rem 1rem; }
main { background: var(--sheet); border: 1px solid var(--rule); border-radius: 4px; margin: 0 auto; max-width: 46rem; padding: 3.25rem 3.5rem 2.75rem; }
header { align-items: baseline; display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; }
header p { color: var(--soft); margin: 0; }
.brand { color: var(--accent); font-weight: 600; letter-spacing: .02em; }
h1 { font-size: 1.9rem; font-weight: 600; letter-spacing: -.01em; line-height: 1.2; margin: 1.6rem 0 .1rem; }
.user { margin: 0; overflow-wrap: anywhere; }
.facts { color: var(--soft); display: grid; font-size: .9rem; gap: .1rem 1.25rem; grid-template-columns: max-content 1fr; margin: 1.1rem 0 0; }
.facts dd { color: var(--ink); margin: 0; }
.figures { border-bottom: 1px solid var(--rule); border-top: 1px solid var(--rule); display: grid; grid-template-columns: repeat(3, 1fr); margin: 2rem 0 2.1rem; padding: 1.1rem 0 1.15rem; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { font-size: 1.4rem; font-variant-numeric: tabular-nums; font-weight: 500; line-height: 1.35; margin: 0; white-space: nowrap; }
.figures small { color: var(--soft); display: block; font-size: .8rem; font-weight: 400; }
.figures div + div { border-left: 1px solid var(--rule); padding-left: 1.25rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td { font-weight: 400; padding: .34rem 0; text-align: left; vertical-align: baseline; }
th:not(:first-child), td { padding-left: 1.25rem; text-align: right; white-space: nowrap; }
th:first-child { overflow-wrap: anywhere; }
thead th { border-bottom: 1px solid var(--strong); color: var(--soft); font-size: .8rem; padding-bottom: .45rem; }
tbody + tbody > tr:first-child > * { border-top: 1px solid var(--rule); }
tr.item > * { font-weight: 600; padding-top: .55rem; }
tr.item:last-child > * { padding-bottom: .55rem; }
tr.none > * { color: var(--soft); font-weight: 400; }
tr.detail > * { color: var(--soft); font-size: .92rem; line-height: 1.4; padding-bottom: .2rem; padding-top: .2rem; }
tr.detail > th { padding-left: 1.1rem; }
tr.detail:last-child > * { padding-bottom: .65rem; }
tbody.closing > tr:first-child > * { border-top: 1px solid var(--strong); }
tbody.closing > tr.item:first-child > * { font-size: 1.05rem; padding-top: .7rem; }
tbody.closing > tr:last-child > * { border-bottom: 3px double var(--strong); padding-bottom: .7rem; }
footer { color: var(--soft); font-size: .82rem; line-height: 1.6; margin-top: 1.9rem; }
footer p { margin: 0 0 .2rem; }
.state { border: 1px solid currentColor; border-radius: 99px; color: var(--accent); font-size: .78rem; font-weight: 500; letter-spacing: 0; margin-left: .6rem; padding: .1rem .6rem; vertical-align: .35em; white-space: nowrap; }
.state.provisional { color: light-dark(#8a5a00, #e3b341); }
`;

const phone = `
@media (max-width: 40rem) {
  body { background: var(--sheet); padding: 0; }
  main { border: 0; border-radius: 0; padding: 1.6rem 1.15rem 2rem; }
  h1 { font-size: 1.6rem; margin-top: 1.2rem; }
  .figures { grid-template-columns: 1fr; padding: .35rem 0; }
  .figures div { align-items: baseline; display: flex; flex-wrap: wrap; justify-content: space-between; padding: .5rem 0; }
  .figures div + div { border-left: 0; border-top: 1px solid var(--rule); padding-left: 0; }
  .figures dd { font-size: 1.15rem; text-align: right; }
  th:not(:first-child), td { padding-left: .75rem; }
  tr.detail > th { padding-left: .75rem; }
}
`;

const paper = `
@page { margin: 18mm 18mm 20mm; size: A4; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --rule: #bbb; --strong: #000; --accent: #000; font-size: 12.5px; }
  body { background: none; font-size: 9.5pt; line-height: 1.5; padding: 0; }
  main { border: 0; max-width: none; padding: 0; }
  tr, footer, .figures { break-inside: avoid; }
  tr.item { break-after: avoid-page; }
  .state.provisional { color: #000; }
}
`;

/** The style of the page. */
export const style = screen + phone + paper;

/** Allows the style of the page and nothing else. */
export const contentSecurityPolicy = `default-src 'none'; style-src ${cspHash(style)}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;
