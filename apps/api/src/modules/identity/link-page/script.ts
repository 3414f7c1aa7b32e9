import { cspHash } from "../../../http/csp-hash.ts";

/** The only script of the page: shows the form for the purpose of the link, and submits it with the token of the link. */
export const script = `
const [, purpose = "", token = ""] = /^#([a-z-]+)\\.(.+)$/.exec(location.hash) ?? [];
const form = document.forms[purpose];
const output = document.getElementById("status");
const show = (text, isGood) => { output.textContent = text; output.className = isGood ? "good" : "bad"; };
if (form) form.hidden = false; else show(document.body.dataset.invalid, false);
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  show(document.body.dataset.wait, true);
  try {
    const response = await fetch(form.dataset.to, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify({ token, ...Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== "")) }),
    });
    const body = await response.json();
    if (response.ok) { form.hidden = true; show(form.dataset.done, true); history.replaceState(null, "", location.pathname); }
    else show([body.message, ...(body.issues ?? []).map((issue) => issue.message)].join(" — "), false);
  } catch { show(document.body.dataset.offline, false); }
  button.disabled = false;
  output.focus();
});
`;

/** The hash that allows this script in a Content-Security-Policy. */
export const scriptHash = cspHash(script);
