import { Button } from "../ui/button.tsx";
import { CopyId } from "../ui/copy-id.tsx";
import { Notice } from "../ui/notice.tsx";
import { keysWords } from "./words.ts";

type SecretOnceProps = { readonly secret: string; readonly onKept: () => void };

/** A secret that is shown only now. */
export function SecretOnce({ secret, onKept }: SecretOnceProps) {
  const words = keysWords.useWords();
  return (
    <div className="grid gap-3">
      <Notice kind="warn">{words.once}</Notice>
      <p className="rounded-md border border-line bg-sunken p-3">
        <CopyId id={secret} />
      </p>
      <Button look="primary" className="justify-self-end" onClick={onKept}>
        {words.kept}
      </Button>
    </div>
  );
}
