import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { uiWords } from "../words/ui.ts";

const SHOWN_MS = 2_000;

type CopyIdProps = {
  readonly id: string;
  /** What the button says that it copies, where the id is a long text. */
  readonly name?: string;
  /** Stands for the id, such as a link; null where it is shown already. */
  readonly children?: ReactNode;
};

/** An id in a monospace font with a button that copies it. */
export function CopyId({ id, name = id, children = id }: CopyIdProps) {
  const words = uiWords.useWords();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => void navigator.clipboard?.writeText(id).then(() => setCopied(true));
  return (
    <span className="inline-flex items-center gap-1 font-mono text-[0.92em]">
      {children}
      <button
        type="button"
        onClick={copy}
        aria-label={isCopied ? words.copied : words.copy(name)}
        className="rounded p-1 text-muted hover:bg-sunken hover:text-ink"
      >
        {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      </button>
    </span>
  );
}
