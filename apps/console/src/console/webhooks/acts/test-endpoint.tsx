import type { JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { ActForm } from "../../../ui/act-form.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { webhooksWords } from "../words.ts";

type Result = JifenOutputs["webhooks"]["test"];
type TestEndpointProps = { readonly endpointId: string; readonly onClose: () => void };

/** Sends a test event and says what the endpoint answered. */
export function TestEndpoint({ endpointId, onClose }: TestEndpointProps) {
  const words = webhooksWords.useWords();
  const [result, setResult] = useState<Result>();
  const textOf = ({ delivered, status, error }: Result) => {
    if (delivered) return words.testGood(String(status));
    return status === null ? words.testError(error ?? "") : words.testBad(String(status));
  };
  return (
    <Dialog title={words.test} onClose={onClose}>
      <ActForm
        act={`test:${endpointId}`}
        submit={words.test}
        perform={async () => {
          setResult(undefined);
          setResult(await jifen.webhooks.test.mutate({ endpointId }));
        }}
        onDone={() => undefined}
        onCancel={onClose}
      >
        <p>{words.testText}</p>
        {result && <Notice kind={result.delivered ? "good" : "bad"}>{textOf(result)}</Notice>}
      </ActForm>
    </Dialog>
  );
}
