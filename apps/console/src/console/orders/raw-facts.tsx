import { announce } from "../../announcements.ts";
import { Button } from "../../ui/button.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import type { OrderFile } from "./types.ts";
import { ordersWords } from "./words.ts";

/** Everything that the server knows of an order, as it answers it. */
export function RawFacts({ facts }: { readonly facts: OrderFile }) {
  const words = ordersWords.useWords();
  const text = JSON.stringify(facts, null, 2);
  const copy = () => void navigator.clipboard?.writeText(text).then(() => announce(words.copied));
  return (
    <details className="min-w-0 rounded-md border border-line bg-card">
      <summary className="px-3 py-2 font-medium">{words.raw}</summary>
      <div className="grid gap-2 border-t border-line p-3">
        <div>
          <Button onClick={copy}>{words.copyJson}</Button>
        </div>
        <ScrollRegion label={words.raw}>
          <pre className="p-3 font-mono text-[0.92em]">{text}</pre>
        </ScrollRegion>
      </div>
    </details>
  );
}
