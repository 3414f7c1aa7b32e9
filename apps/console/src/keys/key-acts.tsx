import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { ChangeKey } from "./change-key.tsx";
import { RevokeKey } from "./revoke-key.tsx";
import { RotateKey } from "./rotate-key.tsx";
import type { ServiceKey } from "./types.ts";
import { keysWords } from "./words.ts";

/** The acts on a key that is not revoked. */
export function KeyActs({ serviceKey }: { readonly serviceKey: ServiceKey }) {
  const words = keysWords.useWords();
  const [open, setOpen] = useState<"change" | "rotate" | "revoke">();
  if (serviceKey.revokedAt !== null) return null;
  const close = () => setOpen(undefined);
  return (
    <>
      <span className="flex justify-end gap-1 whitespace-nowrap max-md:flex-col">
        <Button look="quiet" onClick={() => setOpen("change")}>
          {words.change}
        </Button>
        <Button look="quiet" onClick={() => setOpen("rotate")}>
          {words.rotate}
        </Button>
        <Button look="quiet" onClick={() => setOpen("revoke")}>
          {words.revoke}
        </Button>
      </span>
      {/* Outside of the buttons, whose text is never broken into lines. */}
      {open === "change" && <ChangeKey serviceKey={serviceKey} onClose={close} />}
      {open === "rotate" && <RotateKey serviceKey={serviceKey} onClose={close} />}
      {open === "revoke" && <RevokeKey serviceKey={serviceKey} onClose={close} />}
    </>
  );
}
