import { createRequire } from "node:module";

/** The parameters of `encode` of NextAuth 4 that tests use. */
type Minted = {
  readonly token: object;
  readonly secret: string;
  readonly salt?: string;
  /** In seconds. */
  readonly maxAge?: number;
};

type NextAuth = { readonly encode: (minted: Minted) => Promise<string> };

// From the example site, which is not installed with the server: as a dependency of the server's tests, NextAuth would bring
// Next.js to every machine that runs the server. Without its types: they change the type of `process.env`.
const ofExampleSite = createRequire(new URL("../../web/package.json", import.meta.url));
const nextAuth = ofExampleSite("next-auth/jwt") as NextAuth;

/** Creates a session token with NextAuth 4. */
export const encodeV4 = (minted: Minted): Promise<string> => nextAuth.encode(minted);
