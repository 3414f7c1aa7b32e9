import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";

/** What is shown instead of a page that threw. */
export function Crashed({ error }: { readonly error: unknown }) {
  const words = uiWords.useWords();
  return (
    <div role="alert" className="grid justify-items-start gap-3 p-4">
      <h1 className="text-xl font-semibold">{words.crashed}</h1>
      <p>{words.crashedText}</p>
      <pre className="max-w-full overflow-x-auto rounded-md border border-line bg-card p-3 font-mono">
        {error instanceof Error ? error.message : String(error)}
      </pre>
      <Button look="primary" onClick={() => location.reload()}>
        {words.reload}
      </Button>
    </div>
  );
}
