"use client";

import { useWords } from "@jifen/client/react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { TopUpPanel } from "./top-up-panel";

const words = {
  zh: { title: "充值", close: "关闭" },
  en: { title: "Top up", close: "Close" },
};

type TopUpDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  returnUrl?: string;
  /** Shown above the packs. */
  children?: ReactNode;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** A dialog in which a pack is bought. The browser keeps the focus inside of it, and returns it when the dialog closes. */
export function TopUpDialog(props: TopUpDialogProps) {
  const { open, onOpenChange, returnUrl, children, words: changed, className = "" } = props;
  const say = useWords(words, changed);
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  const close = () => onOpenChange(false);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={close}
      className={`m-auto w-[calc(100%-2rem)] max-w-md rounded-xl border border-border bg-card p-5 text-card-foreground backdrop:bg-black/50 ${className}`}
    >
      {open && (
        <>
          <div className="mb-4 flex items-center justify-between gap-3">
            <h2 id={id} className="text-lg font-semibold">
              {say.title}
            </h2>
            <button
              type="button"
              onClick={close}
              className="rounded-lg border border-border px-3 py-2 text-sm hover:border-foreground"
            >
              {say.close}
            </button>
          </div>
          {children}
          <TopUpPanel {...(returnUrl !== undefined && { returnUrl })} onDone={close} />
        </>
      )}
    </dialog>
  );
}
