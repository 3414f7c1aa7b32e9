import { cspHash } from "../csp-hash.ts";

/**
 * The only script of the page: filters the operations while the reader types, opens the operation of the address, copies
 * samples, and remembers the tool. Without it, the server searches, and everything else works but the buttons to copy.
 */
export const script = `
const { copy, copied } = document.body.dataset;
const search = document.querySelector("input[type=search]");
const groups = [...document.querySelectorAll("main > section[data-group]")];
const filter = () => {
  const parts = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const group of groups) {
    let shown = 0;
    for (const each of group.querySelectorAll("details")) {
      const text = (each.querySelector("summary").textContent + " " + each.lastElementChild.id).toLowerCase();
      each.hidden = !parts.every((part) => text.includes(part));
      if (!each.hidden) shown += 1;
    }
    group.hidden = shown === 0;
    found += shown;
  }
  document.getElementById("nothing").hidden = found > 0;
  for (const each of document.querySelectorAll("main > section:not([data-group])")) each.hidden = parts.length > 0;
};
if (!search.form.dataset.server) {
  search.form.querySelector("button").hidden = true;
  search.addEventListener("input", filter);
  search.form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target?.closest("details");
  if (!details) return;
  details.open = true;
  details.scrollIntoView();
};
addEventListener("hashchange", open);
open();
document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.matches("details")) return;
  const { id } = target.lastElementChild;
  if (decodeURIComponent(location.hash.slice(1)) !== id) history.replaceState(null, "", "#" + id);
  addLinks(target);
  if (navigator.clipboard) addButtons(target);
}, true);
const addLinks = (place) => {
  for (const line of place.querySelectorAll(".e")) {
    const text = line.firstChild;
    if (text.nodeType !== Node.TEXT_NODE) continue;
    text.replaceWith(...text.data.split(/(\\b[A-Z]{2}[A-Z_]+)/).map((part, at) => {
      if (at % 2 === 0) return part;
      const link = document.createElement("a");
      link.href = "#" + part;
      link.textContent = part;
      return link;
    }));
  }
};
const addButtons = (place) => {
  for (const pre of place.querySelectorAll("pre:not(:has(button))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.firstChild.data);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    pre.append(button);
  }
};
if (navigator.clipboard) for (const each of document.querySelectorAll("main > section:not([data-group])")) addButtons(each);
const tools = [...document.querySelectorAll("input[name=tool]")];
try {
  const chosen = tools.find(({ id }) => id === localStorage.getItem("jifen_docs_tool"));
  if (chosen) chosen.checked = true;
  for (const tool of tools) tool.addEventListener("change", () => localStorage.setItem("jifen_docs_tool", tool.id));
} catch {}
`;

/** Allows this script, and no other, in the Content-Security-Policy of the page. */
export const scriptHash = cspHash(script);
