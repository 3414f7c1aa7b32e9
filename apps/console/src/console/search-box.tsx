import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useState } from "react";
import { jifen, toJifenError } from "../jifen.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { controlClass } from "../ui/field.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { shellWords } from "../words/shell.ts";
import { type Found, linkTo } from "./found.ts";

/** The button that opens the search; so does Ctrl or ⌘ with K. */
export function SearchBox() {
  const words = shellWords.useWords();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)} title="Ctrl K / ⌘K">
        <Search size={16} aria-hidden />
        <span className="max-sm:sr-only">{words.search}</span>
      </Button>
      {isOpen && <SearchDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const words = shellWords.useWords();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const query = useQuery({
    queryKey: ["search.find", q],
    queryFn: () => jifen.search.find.query({ q }),
    enabled: q !== "",
  });
  const error = toJifenError(query.error);
  const items: readonly Found[] = q === "" ? [] : (query.data?.items ?? []);
  const open = (found: Found) => {
    onClose();
    void navigate(linkTo(found));
  };
  const move = (event: KeyboardEvent<HTMLElement>, step: 1 | -1) => {
    event.preventDefault();
    const list = [...event.currentTarget.querySelectorAll<HTMLElement>("input, button[data-found]")];
    list[list.indexOf(document.activeElement as HTMLElement) + step]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "ArrowDown") move(event, 1);
    if (event.key === "ArrowUp") move(event, -1);
    const [first] = items;
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && first) open(first);
  };
  return (
    <Dialog title={words.search} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move between the field and what was found */}
      <div onKeyDown={onKeyDown} className="grid gap-3">
        <input
          type="search"
          aria-label={words.searchHint}
          placeholder={words.searchHint}
          value={text}
          onChange={({ target }) => setText(target.value)}
          autoComplete="off"
          spellCheck={false}
          className={controlClass}
        />
        {error && <ErrorNotice error={error} />}
        <p role="status" className="text-muted">
          {q !== "" && query.data && items.length === 0 && words.nothingFound}
        </p>
        <ul className="grid gap-0.5">
          {items.map((found) => (
            <li key={`${found.kind} ${found.id}`}>
              <Button
                data-found
                look="quiet"
                className="w-full justify-start! text-left text-ink!"
                onClick={() => open(found)}
              >
                <Badge>{words.kinds[found.kind]}</Badge>
                <span className="min-w-0 wrap-anywhere">
                  {found.kind === "user" ? found.id : `${found.label} · ${found.userId ?? found.id}`}
                </span>
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
