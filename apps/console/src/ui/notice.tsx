import type { JifenError } from "@jifen/client";
import type { ReactNode } from "react";
import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";
import { CopyId } from "./copy-id.tsx";

const looks = {
  good: "border-good/40 bg-good-soft text-good",
  warn: "border-warn/40 bg-warn-soft text-warn",
  bad: "border-bad/40 bg-bad-soft text-bad",
  plain: "border-line bg-sunken text-ink",
} as const;

type NoticeProps = { readonly kind: keyof typeof looks; readonly children: ReactNode };

/** A message on a page. Trouble is announced immediately, everything else when the screen reader has finished. */
export const Notice = ({ kind, children }: NoticeProps) => (
  <div role={kind === "bad" ? "alert" : "status"} className={`rounded-md border px-3 py-2 ${looks[kind]}`}>
    {children}
  </div>
);

type ErrorNoticeProps = {
  readonly error: JifenError;
  /** Instead of the sentence of the server. */
  readonly text?: string | undefined;
  readonly onRetry?: () => void;
};

/** A failed call: what is wrong, the request id to copy, and a way to try again. */
export function ErrorNotice({ error, text = error.message, onRetry }: ErrorNoticeProps) {
  const words = uiWords.useWords();
  return (
    <Notice kind="bad">
      <p>{text}</p>
      <p className="mt-1 flex flex-wrap items-center gap-3">
        {error.requestId !== undefined && (
          <span>
            {words.requestId} <CopyId id={error.requestId} />
          </span>
        )}
        {onRetry && (
          <Button look="plain" onClick={onRetry}>
            {words.retry}
          </Button>
        )}
      </p>
    </Notice>
  );
}
