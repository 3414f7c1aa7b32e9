import { useState } from "react";
import { announce } from "../../announcements.ts";
import { useSession } from "../../session.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { DecideVersion } from "./acts/decide-version.tsx";
import { type CatalogueFile, stateOf } from "./types.ts";
import { pricesWords } from "./words.ts";

/** What can be done with a version: publish or withdraw it, or start a draft from it. */
export function VersionActs({ file }: { readonly file: CatalogueFile }) {
  const words = pricesWords.useWords();
  const isAdmin = useSession().session.role === "admin";
  const [open, setOpen] = useState<"publish" | "withdraw">();
  const state = stateOf(file);
  const text = JSON.stringify(file.document, null, 2);
  const copy = () => void navigator.clipboard?.writeText(text).then(() => announce(words.copied));
  return (
    <>
      <Button onClick={copy}>{words.copyJson}</Button>
      {isAdmin && (
        <ButtonLink to="/console/prices/new" search={{ from: file.version }}>
          {words.edit}
        </ButtonLink>
      )}
      {isAdmin && (state === "draft" || state === "scheduled") && (
        <Button onClick={() => setOpen("withdraw")}>{words.withdraw}</Button>
      )}
      {isAdmin && state === "draft" && (
        <Button look="primary" onClick={() => setOpen("publish")}>
          {words.publish}
        </Button>
      )}
      {open && <DecideVersion version={file.version} decision={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}
