import { cspHash } from "../../../http/csp-hash.ts";

/** The only style of the page; it follows the light or dark mode of the browser. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#c9d1d9, #484f58); --accent: light-dark(#0b57d0, #8ab4f8); --good: light-dark(#116329, #56d364); --bad: light-dark(#b3261e, #ff938a); }
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0 auto; max-width: 24rem; padding: 3rem 1rem; }
h1 { font-size: 1.3rem; }
label { display: block; margin: 1rem 0 0; }
input, button { box-sizing: border-box; font: inherit; margin-top: .25rem; padding: .6rem .75rem; width: 100%; border: 1px solid var(--line); border-radius: .5rem; }
button { background: var(--accent); border-color: transparent; color: light-dark(#fff, #111); cursor: pointer; margin-top: 1.5rem; }
button:disabled { opacity: .6; }
small { display: block; opacity: .8; }
#status:empty { display: none; }
.good { color: var(--good); } .bad { color: var(--bad); }
`;

/** The hash that allows this style in a Content-Security-Policy. */
export const styleHash = cspHash(style);
