/** What samples use of the site around them, as declarations: its session, its model, and what an earlier sample made. */
export const prelude = `
declare const jifen: import("@jifen/client").JifenClient;
declare const jifenOf: (request: Request) => Promise<import("@jifen/client").JifenClient>;
declare const logs: import("@jifen/client").LogBuffer;
declare const url: string;
declare const userId: string;
declare const user: { readonly id: string };
declare const visitorAddress: string;
declare const getToken: () => Promise<string | undefined>;
declare const readToken: () => Promise<string>;
declare const job: { readonly id: string };
declare const jobId: string;
declare const transactionId: string;
declare const prompt: string;
declare const model: string;
declare const generate: (prompt?: string) => Promise<{ readonly url: string; readonly credits: number }>;
declare const showBalance: (balance: number, held: number) => void;
declare const addToList: (log: import("@jifen/client").JifenOutputs["logs"]["find"]) => void;
declare const readListAgain: () => Promise<void>;
`;

/** Files and packages of the site that samples import, by their paths. */
export const siteFiles: Readonly<Record<string, string>> = {
  "packages/client/README.md/actions.ts": `export declare const generate: (input: {
  readonly prompt: string;
  readonly idempotencyKey: string;
}) => Promise<import("@jifen/client/server").JifenResult<string>>;`,
  "docs/guides/react.md/lib/video.ts": "export declare const makeVideo: (prompt: string) => Promise<string>;",
  "docs/guides/site-users.md/auth.ts": `export declare const auth: {
  readonly api: { getSession(of: { headers: Headers }): Promise<{ user: { id: string } } | null> };
};`,
  "node_modules/@clerk/nextjs/server.d.ts": "export function auth(): Promise<{ userId: string | null }>;",
};
