import { useBlocker } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { announce } from "../../announcements.ts";
import { Button } from "../../ui/button.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import type { Made } from "./types.ts";
import { codesWords } from "./words.ts";

type CodesOnceProps = { readonly made: Made; readonly onKept: () => void };

/** Codes that cannot be read again. The page asks before it is left, until they were stored. */
export function CodesOnce({ made: { batch, codes }, onKept }: CodesOnceProps) {
  const words = codesWords.useWords();
  const [isKept, setKept] = useState(false);
  useBlocker({ shouldBlockFn: () => !confirm(words.leave), enableBeforeUnload: true, disabled: isKept });
  useEffect(() => {
    if (isKept) onKept();
  }, [isKept, onKept]);
  const copy = () =>
    void navigator.clipboard
      ?.writeText(codes.join("\n"))
      .then(() => announce(words.copied(formatNumber(codes.length))));
  return (
    <Page title={words.madeTitle(batch.name)}>
      <Notice kind="warn">{words.once}</Notice>
      <div className="flex flex-wrap gap-2">
        <Button onClick={copy}>{words.copyAll}</Button>
        <Button onClick={() => download(codes, `${batch.batchId}.csv`)}>{words.download}</Button>
        <Button look="primary" onClick={() => setKept(true)}>
          {words.kept}
        </Button>
      </div>
      <ScrollRegion label={words.list}>
        <ul className="columns-1 gap-6 p-3 font-mono sm:columns-2 lg:columns-3">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </ScrollRegion>
    </Page>
  );
}

/** Saves the codes as a file of one column. They are in this page only, so no address of the server has them. */
function download(codes: readonly string[], name: string): void {
  const url = URL.createObjectURL(new Blob([`${["code", ...codes].join("\r\n")}\r\n`], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
