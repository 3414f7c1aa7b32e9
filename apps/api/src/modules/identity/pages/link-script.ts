/**
 * The only script of the link page: shows the form for the purpose of the link, and submits it with the secret of the link.
 * The secret is behind the #, which browsers do not send.
 */
export const linkScript = `
const [, purpose = "", token = ""] = /^#([a-z-]+)\\.(.+)$/.exec(location.hash) ?? [];
const form = document.forms[purpose];
const output = document.getElementById("status");
const { dataset } = output;
const show = (text, kind) => { output.textContent = text; output.className = "notice " + kind; output.hidden = false; };
const mark = (issues) => {
  for (const input of form.querySelectorAll("input")) {
    const issue = issues.find(({ path }) => path === input.name);
    if (issue) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    document.getElementById(purpose + "-" + input.name + "-error").textContent = issue?.message ?? "";
  }
  const invalid = form.querySelector("[aria-invalid]");
  invalid?.focus();
  output.hidden = Boolean(invalid);
};
for (const link of document.querySelectorAll("footer a[hreflang]")) link.hash = location.hash;
if (form) { form.hidden = false; document.querySelector("h1").textContent = document.title = form.dataset.title; form.querySelector("input").focus(); }
else show(dataset.invalid, "bad");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  show(dataset.wait, "");
  try {
    const response = await fetch("link", {
      method: "POST",
      headers: { "Accept-Language": document.documentElement.lang },
      body: new URLSearchParams([["purpose", purpose], ["token", token], ...new FormData(form)]),
    });
    const body = await response.json();
    if (response.ok) { location.replace(body.to); return; }
    show(body.message, "bad");
    mark(body.issues ?? []);
  } catch { show(dataset.offline, "bad"); }
  button.disabled = false;
});
`;
