import { palette } from "../../modules/identity/pages/style.ts";
import { cspHash } from "../csp-hash.ts";

const hidden = ["curl", "typescript", "python", "php"]
  .map((tool) => `body:has(#tool-${tool}:checked) .s>:not(.${tool})`)
  .join(",");

/** The only style of the page, in the colours of the sign-in pages and of the console. */
export const style = `${palette}
:root{--code:color-mix(in srgb,var(--line) 45%,var(--card))}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
a{color:inherit;text-underline-offset:.2em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--seal);outline-offset:2px;border-radius:.25rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;z-index:2;background:var(--card);padding:.5rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;max-width:76rem;margin:0 auto;padding:1.25rem 1.5rem .75rem}
header .logo{width:2rem;height:2rem;border-radius:.4rem;flex:none}
header h1{font-size:1.25rem;margin:0}
header h1 small{font-weight:400;font-size:.875rem;color:var(--muted)}
header p{margin:0;flex:1 1 16rem;color:var(--muted)}
header a{font-size:.9375rem;padding:.25rem 0}
.bar{position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:1px solid var(--line)}
.bar>div{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.25rem;max-width:76rem;margin:0 auto;padding:.5rem 1.5rem}
form{display:flex;gap:.5rem;flex:1 1 14rem}
input[type=search]{flex:1;min-width:0;min-height:2.5rem;padding:.375rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--strong);border-radius:.375rem}
button{min-height:2.5rem;padding:.25rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--strong);border-radius:.375rem;cursor:pointer}
fieldset{display:flex;align-items:center;border:0;margin:0;padding:0;gap:.25rem}
legend{float:left;margin-right:.75rem;color:var(--muted);font-size:.9375rem;line-height:2.5rem}
fieldset input{position:absolute;opacity:0}
fieldset label{display:block;line-height:1.6;padding:.3rem .75rem;border:1px solid transparent;border-radius:.375rem;cursor:pointer;font-size:.9375rem}
fieldset :checked+label{border-color:var(--seal);color:var(--seal);font-weight:600}
fieldset :focus-visible+label{outline:3px solid var(--seal);outline-offset:2px}
.page{display:grid;grid-template-columns:13rem minmax(0,1fr);gap:2.5rem;max-width:76rem;margin:0 auto;padding:1.25rem 1.5rem 4rem}
nav{position:sticky;top:4.75rem;align-self:start;max-height:calc(100vh - 6rem);overflow-y:auto;font-size:.9375rem}
nav h2{font-size:.8125rem;color:var(--muted);margin:0 0 .25rem}
nav ul{list-style:none;margin:0 0 1rem;padding:0}
nav a{display:block;padding:.25rem 0;text-decoration:none}
nav a:hover{text-decoration:underline}
main>section{margin:0 0 2.5rem}
main h2{font-size:1.25rem;line-height:1.3;margin:0 0 .75rem;scroll-margin-top:4.5rem}
main p{margin:0 0 .75rem;max-width:46rem}
h3,h4{margin:0;font-size:1rem}
h4{font-size:.875rem;color:var(--muted);margin:1.25rem 0 .375rem;font-weight:600}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
p code,dd code{background:var(--code);padding:.05em .3em;border-radius:.25em}
pre{position:relative;margin:0 0 .75rem;padding:.75rem 1rem;background:var(--code);border-radius:.5rem;white-space:pre-wrap;font-size:.8125rem;line-height:1.55}
pre button{position:absolute;top:.375rem;right:.375rem;min-height:1.75rem;padding:0 .5rem;font:.8125rem/1.4 system-ui,sans-serif}
details{background:var(--card);border:1px solid var(--line);margin-top:-1px}
summary{display:grid;grid-template-columns:minmax(0,23rem) minmax(0,1fr);gap:0 1rem;padding:.5rem 1rem;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover h3 code{text-decoration:underline}
summary span{color:var(--muted);font-size:.9375rem}
summary h3{font-size:.9375rem;display:flex;gap:.625rem;font-weight:500}
summary b{flex:none;width:2.75rem;font:600 .75rem/1.9 ui-monospace,Menlo,Consolas,monospace;color:var(--good)}
summary b.P{color:var(--bad)}
details>div{padding:.25rem 1rem 1rem;scroll-margin-top:8rem}
details[open]>summary{border-bottom:1px solid var(--line)}
.a{color:var(--muted);font-size:.9375rem;margin:.5rem 0 0}
dl{display:grid;grid-template-columns:minmax(0,15rem) minmax(0,1fr);margin:0 0 .75rem;font-size:.9375rem}
dt,dd{margin:0;padding:.3rem 1rem .3rem 0;border-top:1px solid var(--line)}
dt{font:.8125rem/1.7 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
dt i,dt b{font:.8125rem/1 system-ui,sans-serif;color:var(--muted)}
dt b{color:var(--bad)}
.e{font:.8125rem/1.8 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
${hidden}{display:none}
footer{max-width:76rem;margin:0 auto;padding:0 1.5rem 3rem;color:var(--muted);font-size:.875rem}
[hidden]{display:none!important}
@media(max-width:56rem){.page{display:block}nav{position:static;max-height:none;columns:2;margin-bottom:1.5rem}nav a{padding:.5rem 0}summary{grid-template-columns:1fr;padding:.625rem .75rem}dl{display:block}dd{border:0;padding-top:0}header,.bar>div,.page,footer{padding-left:1rem;padding-right:1rem}legend{display:none}.bar{top:-3.125rem}html{scroll-padding-top:4rem}details>div{padding:.25rem .75rem .75rem}form{flex-basis:100%}}
@media print{.bar,nav,pre button,.skip{display:none}.page{display:block;max-width:none}details::details-content{content-visibility:visible;height:auto}summary{break-after:avoid}pre{break-inside:avoid}body{background:#fff;color:#000}pre{border:1px solid #ccc}}
@media(forced-colors:active){.logo{forced-color-adjust:none}fieldset :checked+label{border-color:Highlight}}`;

/** Allows this style, and no other, in the Content-Security-Policy of the page. */
export const styleHash = cspHash(style);
