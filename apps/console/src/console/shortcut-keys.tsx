import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Role } from "../session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { shellWords } from "../words/shell.ts";
import { places } from "./places.ts";

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The keyboard of the console: `/`, `g` and a letter, `j` and `k`, `?`. Not while a person types or a dialog is open. */
export function ShortcutKeys({ role }: { readonly role: Role }) {
  const words = shellWords.useWords();
  const navigate = useNavigate();
  const [isListOpen, setListOpen] = useState(false);
  const previous = useRef("");
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target) || document.querySelector("dialog[open]"))
        return;
      const place =
        previous.current === "g"
          ? places.find(({ letter, roles }) => letter === key && roles.includes(role))
          : undefined;
      previous.current = key;
      if (place) void navigate({ to: place.to });
      else if (key === "/") document.querySelector<HTMLElement>("[data-search]")?.focus();
      else if (key === "j" || key === "k") moveRow(key === "j" ? 1 : -1);
      else if (key === "?") setListOpen(true);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, role]);
  if (!isListOpen) return null;
  return (
    <Dialog title={words.shortcuts} onClose={() => setListOpen(false)}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        {words.shortcutList.map(([keys, what]) => (
          <div key={keys} className="col-span-2 grid grid-cols-subgrid">
            <dt>
              <kbd className="rounded border border-line bg-sunken px-1.5 font-mono">{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** Moves the focus to the first link of the next or the previous row of the table. */
function moveRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll("tr[data-row]")].flatMap(
    (row) => row.querySelector<HTMLElement>("a") ?? [],
  );
  const current = document.activeElement?.closest("tr[data-row]")?.querySelector<HTMLElement>("a");
  const index = current ? links.indexOf(current) + step : step === 1 ? 0 : links.length - 1;
  links[index]?.focus();
}
