/** What one answer says: how many consumes were done, and the codes of those that were refused. */
export type Answer = { readonly done: number; readonly refused: readonly string[] };

/** A call in the answer to a tRPC batch. */
type Call = { readonly error?: { readonly json?: { readonly data?: { readonly app?: { readonly code?: string } } } } };

/** The answer to a request that was refused as a whole: in REST, or in tRPC. */
type Whole = Call & { readonly code?: string };

const codeOfWhole = ({ code, error }: Whole): string | undefined => code ?? error?.json?.data?.app?.code;

/** Reads an answer of either transport; `consumesEach` is what was asked for. */
export function readAnswer(status: number, body: string, consumesEach: number): Answer {
  if (status === 200) return { done: consumesEach, refused: [] };
  const said = parsed(body);
  if (!Array.isArray(said)) return { done: 0, refused: [codeOfWhole(said as Whole) ?? String(status)] };
  const failed = (said as Call[]).flatMap(({ error }) => (error === undefined ? [] : [error]));
  return {
    done: said.length - failed.length,
    refused: failed.map(({ json }) => json?.data?.app?.code ?? String(status)),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
