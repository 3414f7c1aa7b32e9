import { Page } from "../../../ui/page.tsx";
import { GiveManyForm } from "./give-many-form.tsx";
import { Results } from "./results.tsx";
import { useBatch } from "./use-batch.ts";
import { giveManyWords } from "./words.ts";

/** Gives credits to many users, and shows what became of each. */
export function GiveManyPage() {
  const words = giveManyWords.useWords();
  const { batch, give, giveAgain, close } = useBatch();
  return (
    <Page title={words.title}>
      {batch ? (
        <Results batch={batch} onAgain={() => giveAgain(batch)} onClose={close} />
      ) : (
        <GiveManyForm onGive={give} />
      )}
    </Page>
  );
}
