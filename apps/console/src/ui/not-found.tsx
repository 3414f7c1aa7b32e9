import { uiWords } from "../words/ui.ts";

/** The page of an address that no page has. */
export function NotFound() {
  const words = uiWords.useWords();
  return (
    <div className="grid gap-2 p-4">
      <h1 className="text-xl font-semibold">{words.notFound}</h1>
      <p className="text-muted">{words.notFoundText}</p>
    </div>
  );
}
