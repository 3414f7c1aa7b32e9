import { useEffect, useRef } from "react";
import type { UnresolvedAct } from "../unresolved-acts.ts";
import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";
import { formatTime } from "./format.ts";
import { Notice } from "./notice.tsx";

type UnresolvedNoticeProps = {
  readonly act: UnresolvedAct;
  readonly text: string;
  readonly isBusy: boolean;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
};

/** An act whose outcome is unknown, with what was sent: it is sent again as it was, or given up. It takes the focus of the form. */
export function UnresolvedNotice({ act, text, isBusy, onRetry, onDiscard }: UnresolvedNoticeProps) {
  const words = uiWords.useWords();
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => notice.current?.focus(), []);
  const sent = act.values.filter(([, value]) => value !== "").map(([, value]) => value);
  return (
    <div ref={notice} tabIndex={-1} className="grid gap-4 outline-none">
      <Notice kind="warn">{text}</Notice>
      <div className="rounded-md border border-line bg-sunken px-3 py-2">
        <p className="text-muted">{words.sentAt(formatTime(act.sentAt))}</p>
        <ul>
          {sent.map((value) => (
            <li key={value} className="wrap-anywhere">
              {value}
            </li>
          ))}
        </ul>
      </div>
      <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
        <Button onClick={onDiscard} disabled={isBusy}>
          {words.discard}
        </Button>
        <Button look="primary" onClick={onRetry} isBusy={isBusy}>
          {words.retry}
        </Button>
      </div>
    </div>
  );
}
