import type { JifenInputs } from "@jifen/client";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useDownload } from "../../use-download.ts";
import { logsWords } from "./words.ts";

type Filter = NonNullable<JifenInputs["exports"]["create"]["filter"]>;

/** Downloads the logs that the filter shows, as a file that the server writes. */
export function ExportLogs({ filter }: { readonly filter: Filter }) {
  const words = logsWords.useWords();
  const { isBusy, error, download } = useDownload();
  return (
    <>
      {(["csv", "ndjson"] as const).map((format) => (
        <Button
          key={format}
          isBusy={isBusy}
          aria-label={`${words.export}: ${words[format]}`}
          onClick={() => void download({ what: "logs", scope: "all", format, filter })}
        >
          {words[format]}
        </Button>
      ))}
      {error && <ErrorNotice error={error} />}
    </>
  );
}
