import { cspHash } from "../../../http/csp-hash.ts";

/** The only style of the page. It follows the light or dark mode of the browser. */
export const style = `
:root { color-scheme: light dark; --paper: light-dark(#f3f5f8, #14171b); --card: light-dark(#fff, #1e2329); --ink: light-dark(#1b2126, #eef1f4); --muted: light-dark(#59636e, #a6b0bb); --line: light-dark(#dde2e8, #363d46); --accent: light-dark(#0b57d0, #8ab4f8); --on-accent: light-dark(#fff, #10202f); --good: light-dark(#116329, #5fd97a); --notice: light-dark(#fff4d6, #3a3117); --notice-ink: light-dark(#6b4e00, #f3d98b); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
.notice { margin: 0 0 1rem; padding: .6rem .9rem; border-radius: .75rem; background: var(--notice); color: var(--notice-ink); font-size: .875rem; }
.card { padding: 1.5rem 1.25rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); }
h1 { margin: 0; font-size: 1rem; font-weight: 500; text-align: center; overflow-wrap: anywhere; }
.amount { margin: .25rem 0 1.25rem; font-size: 2.5rem; font-weight: 650; line-height: 1.2; text-align: center; font-variant-numeric: tabular-nums; }
.amount small { font-size: 1rem; font-weight: 500; color: var(--muted); }
.state { margin: 0 0 1.25rem; font-weight: 600; text-align: center; }
.state.good { color: var(--good); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 1.25rem 0 0; padding: 1rem 0 0; border-top: 1px solid var(--line); font-size: .875rem; }
dt { color: var(--muted); }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
form { margin: 0; }
button, .link { display: block; width: 100%; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .75rem; background: transparent; color: inherit; font: inherit; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .link:hover { border-color: var(--muted); }
.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
section { margin: 1.5rem 0 0; }
h2 { margin: 0 0 .5rem; font-size: .875rem; font-weight: 600; color: var(--muted); }
ul { display: grid; gap: .5rem; margin: 0; padding: 0; list-style: none; }
li small { display: block; margin: .2rem .25rem 0; color: var(--muted); }
`;

/** The hash that allows this style in a Content-Security-Policy. */
export const styleHash = cspHash(style);
