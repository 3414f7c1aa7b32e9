import { cspHash } from "../../../http/csp-hash.ts";

/** The page's only script: shows the form of the link's purpose, and sends what was typed with what the link carries. */
export const script = `
const [, purpose = "", token = ""] = /^#([a-z-]+)\\.(.+)$/.exec(location.hash) ?? [];
const form = document.forms[purpose];
const said = document.getElementById("said");
const say = (text, isGood) => { said.textContent = text; said.className = isGood ? "good" : "bad"; };
if (form) form.hidden = false; else say(document.body.dataset.over, false);
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say(document.body.dataset.wait, true);
  try {
    const answer = await fetch(form.dataset.to, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify({ token, ...Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== "")) }),
    });
    const body = await answer.json();
    if (answer.ok) { form.hidden = true; say(form.dataset.done, true); history.replaceState(null, "", location.pathname); }
    else say([body.message, ...(body.issues ?? []).map((issue) => issue.message)].join(" — "), false);
  } catch { say(document.body.dataset.lost, false); }
  button.disabled = false;
  said.focus();
});
`;

/** What allows it, and no other, in a Content-Security-Policy. */
export const scriptHash = cspHash(script);
