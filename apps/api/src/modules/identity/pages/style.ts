const light =
  "--paper:#f9f7f4;--card:#fff;--ink:#1f1b18;--muted:#6b625b;--line:#e4ddd3;--strong:#8d8277;--seal:#ad3422;--hover:#8f2818;--on-seal:#fff;--bad:#8f2818;--bad-soft:#fdf0ec;--good:#23592e;--good-soft:#eef6ef";
const dark =
  "--paper:#161311;--card:#1e1a17;--ink:#f3ede6;--muted:#b3a79c;--line:#3a332d;--strong:#8d8277;--seal:#e2705d;--hover:#ee8b7a;--on-seal:#1b0f0c;--bad:#ffb9a8;--bad-soft:#37201b;--good:#a9dcb3;--good-soft:#1c2a1f";

/** The colours of every page of the server, in both themes. */
export const palette = `:root{color-scheme:light;${light}}
@media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${dark}}}
:root[data-theme=dark]{color-scheme:dark;${dark}}`;

/**
 * One style for all sign-in pages. Nothing is centred by height: a browser may show a page before it has read all of it,
 * and what is already shown must not move.
 *
 * @param color of the main button instead of the seal's red, `#rrggbb`
 */
export function pageStyle(color: string | null): string {
  const brand = color === null ? "" : `:root:root{--seal:${color};--hover:${color};--on-seal:${textOn(color)}}`;
  return `${palette}
${brand}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
header,main,footer{width:100%;max-width:25rem;margin:0 auto;padding:0 1rem}
header{display:flex;align-items:center;gap:.75rem;padding-top:max(2rem,14vh);font-weight:600}
.logo{width:2.5rem;height:2.5rem;border-radius:.5rem;object-fit:contain;flex:none}
main{margin-top:1.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.625rem;padding:1.5rem}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 1rem}
p{margin:0 0 1rem}
.card>:last-child,form>:last-child{margin-bottom:0}
form{margin:0}
form~.notice{margin:1rem 0 0}
label{display:block;font-size:.9375rem;font-weight:500}
.field{margin:0 0 1rem}
input{display:block;width:100%;margin-top:.25rem;padding:.625rem .75rem;min-height:2.75rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--strong);border-radius:.375rem}
input[aria-invalid=true]{border-color:var(--bad)}
.hint,.error{display:block;margin-top:.25rem;font-size:.875rem}
.hint{color:var(--muted)}
.error,.bad{color:var(--bad)}
.notice{padding:.625rem .75rem;border-radius:.375rem;border:1px solid var(--line)}
.notice.bad{background:var(--bad-soft)}
.notice.good{background:var(--good-soft);color:var(--good)}
button{width:100%;min-height:2.75rem;padding:.625rem 1rem;font:inherit;font-weight:600;color:var(--on-seal);background:var(--seal);border:1px solid transparent;border-radius:.375rem;cursor:pointer}
button:hover{background:var(--hover)}
button:disabled{opacity:.6;cursor:default}
a{color:inherit;text-underline-offset:.2em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--seal);outline-offset:2px}
.links{margin-top:1.25rem;font-size:.9375rem}
.links p{margin:0 0 .5rem}
.links .notice{margin-bottom:1rem}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding-top:1rem;padding-bottom:2rem;font-size:.875rem;color:var(--muted)}
footer a{padding:.375rem 0}
[hidden]{display:none}
@media(forced-colors:active){.logo{forced-color-adjust:none}}`;
}

/** The text colour that is easier to read on a colour (WCAG 2.2, contrast ratio). @param color `#rrggbb` */
export function textOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(color.slice(at, at + 2), 16)));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.0563 ? "#fff" : "#1b0f0c";
}

/** A channel of sRGB, 0 to 255, as light. */
function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
