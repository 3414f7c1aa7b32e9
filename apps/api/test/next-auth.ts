/** What `encode` of NextAuth 4 takes, as far as tests use it. */
type Minted = {
  readonly token: object;
  readonly secret: string;
  readonly salt?: string;
  /** In seconds. */
  readonly maxAge?: number;
};

// Not by its types: they bring along those of Next.js, which has ideas of its own about `process.env`.
const nextAuth = (await import("next-auth/jwt" as string)) as { encode: (minted: Minted) => Promise<string> };

/** Mints a session token as NextAuth 4 does, by itself. */
export const encodeV4 = (minted: Minted): Promise<string> => nextAuth.encode(minted);
