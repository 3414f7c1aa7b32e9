import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { ReasonFields, reasonOf } from "../users/acts/reason-fields.tsx";
import { batchOf, CodeFields } from "./code-fields.tsx";
import { CodesOnce } from "./codes-once.tsx";
import type { Made } from "./types.ts";
import { codesWords } from "./words.ts";

const route = getRouteApi("/console/codes/new");
const shown = (text: string) => (/^\d{1,15}$/.test(text) ? formatNumber(Number(text)) : "…");

/** Makes a batch of codes and shows them once. */
export function NewCodesPage() {
  const words = codesWords.useWords();
  const navigate = route.useNavigate();
  const [made, setMade] = useState<Made>();
  const [count, setCount] = useState("");
  const [credits, setCredits] = useState("");
  const leave = () => void navigate({ to: "/console/codes" });
  if (made) return <CodesOnce made={made} onKept={leave} />;
  return (
    <Page title={words.newTitle}>
      <div className="max-w-xl rounded-md border border-line bg-card p-4">
        <ActForm
          act="codes"
          submit={words.submit(shown(count), shown(credits))}
          unknownOutcome={words.unknownOutcome}
          perform={async (values) =>
            setMade(await jifen.codeBatches.make.mutate({ ...batchOf(values), ...reasonOf(values) }))
          }
          onDone={() => undefined}
          onCancel={leave}
        >
          <CodeFields onCount={setCount} onCredits={setCredits} />
          <ReasonFields />
        </ActForm>
      </div>
    </Page>
  );
}
