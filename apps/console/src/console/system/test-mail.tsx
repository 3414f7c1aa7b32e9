import type { JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { useAct } from "../../use-act.ts";
import { systemWords } from "./words.ts";

type Outcome = JifenOutputs["system"]["testMail"];

/** Sends an e-mail to the admin, and shows what the mail server answers. */
export function TestMail({ isConfigured }: { readonly isConfigured: boolean }) {
  const words = systemWords.useWords();
  const [outcome, setOutcome] = useState<Outcome>();
  const act = useAct(async () => {
    setOutcome(undefined);
    setOutcome(await jifen.system.testMail.mutate({}));
  });
  return (
    <section className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{words.mail}</h2>
        <Button onClick={() => void act.run()} isBusy={act.isPending} disabled={!isConfigured}>
          {words.testMail}
        </Button>
      </div>
      <p className="text-muted">{isConfigured ? words.testMailText : words.noMail}</p>
      {act.error && <ErrorNotice error={act.error} />}
      {outcome && (
        <Notice kind={outcome.isAccepted ? "good" : "bad"}>
          <p>{(outcome.isAccepted ? words.mailAccepted : words.mailRefused)(outcome.server, outcome.to)}</p>
          <p className="font-mono text-[0.92em] wrap-anywhere">{outcome.message}</p>
        </Notice>
      )}
    </section>
  );
}
