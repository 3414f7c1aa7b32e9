import type { JifenOutputs } from "@jifen/client";
import { CopyId } from "../../ui/copy-id.tsx";
import { Time } from "../../ui/figures.tsx";
import { Notice } from "../../ui/notice.tsx";
import { usersWords } from "./words.ts";

/** A link that sets a password. It is shown once. */
export function OneTimeLink({ link }: { readonly link: JifenOutputs["users"]["passwordLink"] }) {
  const words = usersWords.useWords();
  return (
    <div className="grid gap-3">
      <Notice kind="good">{words.linkMade}</Notice>
      <p className="rounded-md border border-line bg-sunken p-3">
        <CopyId id={link.link} />
      </p>
      <p className="text-muted">
        {words.linkUntil} <Time at={link.expiresAt} />
      </p>
    </div>
  );
}
