import { report } from "./report.ts";

/**
 * The credential of a request: a token, or a service key with the scope `act-as` and the user that it acts for. With
 * `createUser` the user is created, with the initial credits, if it does not exist: the key needs the scope `users:write` too.
 */
export type JifenIdentity =
  | { readonly token: string }
  | { readonly key: string; readonly userId: string; readonly createUser?: boolean | undefined };

type Identify = (request: Request) => Promise<JifenIdentity | null>;

/** What a header can have as it is. */
const CREDENTIAL = /^[\x21-\x7e]+$/;
/** Text without control characters, line ends among them. */
const USER_ID = /^[^\p{Cc}\u2028\u2029]+$/u;

/**
 * Who a request acts as, or the code with which it is refused. A key without a user is never sent: it would act as the site.
 * The types promise that nothing is missing, and JavaScript does not: a session without a user has an undefined id.
 */
export async function identityOf(
  identify: Identify,
  request: Request,
): Promise<JifenIdentity | "UNAUTHENTICATED" | "INTERNAL_ERROR"> {
  let identity: Partial<Record<"token" | "key" | "userId" | "createUser", unknown>> | null | undefined;
  try {
    identity = await identify(request);
  } catch (error) {
    report("identify failed", error);
    return "INTERNAL_ERROR";
  }
  if (identity === null || identity === undefined) return "UNAUTHENTICATED";
  const { token, key, userId, createUser } = identity;
  if ("token" in identity) return isMatch(token, CREDENTIAL) ? { token } : "UNAUTHENTICATED";
  if (!isMatch(userId, USER_ID) || userId.trim() === "") return "UNAUTHENTICATED";
  if (isMatch(key, CREDENTIAL)) return { key, userId, ...(typeof createUser === "boolean" && { createUser }) };
  report("identify returned no service key; check the setting that has it");
  return "INTERNAL_ERROR";
}

const isMatch = (value: unknown, pattern: RegExp): value is string => typeof value === "string" && pattern.test(value);
