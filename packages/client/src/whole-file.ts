/** How much of the end of a file is kept: its last line is a total of a few numbers. */
const TAIL_BYTES = 4_096;

const totals: Readonly<Record<"csv" | "ndjson", RegExp>> = {
  csv: /^(Total|合计),.*$/u,
  ndjson: /^\{"total":.*\}$/u,
};

/** Fails at the end of a file whose last line is not its total: a proxy can end a response that broke off as if it were whole. */
export function requireTotal(format: "csv" | "ndjson"): TransformStream<Uint8Array, Uint8Array> {
  let tail: Uint8Array = new Uint8Array();
  return new TransformStream({
    transform: (chunk, controller) => {
      const kept = new Uint8Array(tail.length + chunk.length);
      kept.set(tail);
      kept.set(chunk, tail.length);
      tail = kept.subarray(-TAIL_BYTES);
      controller.enqueue(chunk);
    },
    flush: () => {
      const lastLine = new TextDecoder().decode(tail).trimEnd().split(/\r?\n/).at(-1) ?? "";
      if (!totals[format].test(lastLine)) throw new Error("the file broke off before its total");
    },
  });
}
