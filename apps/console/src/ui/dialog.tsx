import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { uiWords } from "../words/ui.ts";

type DialogProps = {
  readonly title: string;
  /** Called when the dialog has closed, by Escape too. */
  readonly onClose: () => void;
  readonly children: ReactNode;
};

const FIELD = "input:not([hidden], [type=hidden], [readonly]), select, textarea";

/**
 * A modal dialog, open as long as it is rendered. Its first field gets the focus. The browser keeps the focus inside and gives
 * it back.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const words = uiWords.useWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it is removed from the page: the browser gives the focus back only then.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>(FIELD)?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="w-full max-w-lg rounded-md border border-line bg-card p-0 max-sm:m-0 max-sm:h-dvh max-sm:max-h-none max-sm:max-w-none max-sm:rounded-none max-sm:border-0"
    >
      <header className="flex items-center justify-between gap-3 border-b border-line px-4 py-2.5">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        <button
          type="button"
          aria-label={words.close}
          onClick={() => dialog.current?.close()}
          className="rounded p-1.5 text-muted hover:bg-sunken hover:text-ink"
        >
          <X size={18} aria-hidden />
        </button>
      </header>
      <div className="px-4 py-4">{children}</div>
    </dialog>
  );
}
