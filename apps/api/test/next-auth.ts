/** The parameters of `encode` of NextAuth 4 that tests use. */
type Minted = {
  readonly token: object;
  readonly secret: string;
  readonly salt?: string;
  /** In seconds. */
  readonly maxAge?: number;
};

// Without its types: they include those of Next.js, which change the type of `process.env`.
const nextAuth = (await import("next-auth/jwt" as string)) as { encode: (minted: Minted) => Promise<string> };

/** Creates a session token with NextAuth 4. */
export const encodeV4 = (minted: Minted): Promise<string> => nextAuth.encode(minted);
