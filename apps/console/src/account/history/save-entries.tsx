import type { JifenInputs } from "@jifen/client";
import { announce } from "../../announcements.ts";
import { Button } from "../../ui/button.tsx";
import { useDownload } from "../../use-download.ts";
import { accountWords } from "../../words/account.ts";
import { Problem } from "../problem.tsx";

/** Saves all entries that match the filter as a CSV file, which the server writes. */
export function SaveEntries({ filter }: { readonly filter: JifenInputs["transactions"]["list"] }) {
  const words = accountWords.useWords();
  const { isBusy, error, download } = useDownload();
  const save = async () => {
    if (await download({ what: "transactions", format: "csv", filter })) announce(words.saving);
  };
  return (
    <>
      <Button isBusy={isBusy} onClick={() => void save()}>
        {words.csv}
      </Button>
      {error && <Problem error={error} />}
    </>
  );
}
