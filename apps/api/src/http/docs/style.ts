import { cspHash } from "../csp-hash.ts";

/** The only style of the page. It follows the color scheme of the browser. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dee4, #30363d); --soft: light-dark(#f6f8fa, #161b22); --accent: light-dark(#0b57d0, #8ab4f8); }
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0 auto; max-width: 56rem; padding: 2rem 1rem 4rem; }
h1 small, p small, th small { font-weight: 400; opacity: .75; }
h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
h3 { font-size: .9rem; margin: 1rem 0 .25rem; }
section { border: 1px solid var(--line); border-radius: .75rem; margin: 1.25rem 0; padding: 1.25rem; scroll-margin-top: 1rem; }
nav a { display: inline-block; margin-right: .75rem; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
pre { background: var(--soft); border-radius: .5rem; overflow-x: auto; padding: .75rem 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
th { font-weight: 500; width: 16rem; }
.GET, .POST { border-radius: .35rem; color: #fff; font-size: .8rem; padding: .1rem .45rem; }
.GET { background: #1a7f37; } .POST { background: #0b57d0; }
summary { cursor: pointer; }
@media (max-width: 40rem) { th { width: 9rem; overflow-wrap: anywhere; } }
`;

/** Allows this style, and no other, in the Content-Security-Policy. */
export const styleHash = cspHash(style);
