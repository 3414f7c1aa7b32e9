import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { Button } from "../../../ui/button.tsx";
import type { Endpoint } from "../types.ts";
import { webhooksWords } from "../words.ts";
import { ReplaySince } from "./replay-since.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { TestEndpoint } from "./test-endpoint.tsx";

const dialogs = { test: TestEndpoint, replaySince: ReplaySince, rotate: RotateSecret, end: EndEndpoint } as const;
type ActName = keyof typeof dialogs;
const acts: readonly ActName[] = ["test", "replaySince", "rotate", "end"];

/** What can be done with an endpoint. */
export function EndpointActs({ endpoint: { endpointId } }: { readonly endpoint: Endpoint }) {
  const words = webhooksWords.useWords();
  const [open, setOpen] = useState<ActName>();
  const Opened = open && dialogs[open];
  return (
    <>
      {acts.map((act) => (
        <Button key={act} look={act === "end" ? "danger" : "plain"} onClick={() => setOpen(act)}>
          {words[act]}
        </Button>
      ))}
      {Opened && <Opened endpointId={endpointId} onClose={() => setOpen(undefined)} />}
    </>
  );
}

type EndEndpointProps = { readonly endpointId: string; readonly onClose: () => void };

function EndEndpoint({ endpointId, onClose }: EndEndpointProps) {
  const words = webhooksWords.useWords();
  const navigate = useNavigate();
  const perform = async () => {
    await jifen.webhooks.end.mutate({ endpointId });
    void navigate({ to: "/console/webhooks" });
  };
  return (
    <ActDialog
      act={`endEndpoint:${endpointId}`}
      title={words.endTitle}
      submit={words.end}
      done={words.ended}
      isDanger
      {...{ perform, onClose }}
    >
      <p>{words.endText}</p>
    </ActDialog>
  );
}
