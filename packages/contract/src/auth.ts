import { z } from "zod";
import { operation } from "./operation.ts";
import { zEmail, zText } from "./primitives.ts";

const zToken = z.string().meta({ description: "A bearer token.", examples: ["eyJhbGciOiJIUzI1NiIs…"] });

/** `POST /auth/login`: e-mail address and password for a token. */
export const login = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/login" },
  summary: { zh: "用户登录", en: "Log in with e-mail address and password." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail, password: zText(1024).meta({ examples: ["password123"] }) }),
  output: z.object({
    success: z.literal(true),
    userId: z.string(),
    email: z.string(),
    name: z.string(),
    token: zToken,
    expiresAt: z.string().meta({ description: "ISO 8601; when the token ends." }),
  }),
  refusals: ["INVALID_CREDENTIALS", "OVERLOADED"],
});

/** `POST /auth/verify`: whose token is this. A mutation, so that the token travels in the body and never in an address. */
export const verify = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/verify" },
  summary: { zh: "验证 Token", en: "Tell whose token this is." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ token: zText(16_384) }),
  output: z.discriminatedUnion("valid", [
    z.object({
      valid: z.literal(true),
      userId: z.string(),
      email: z.string(),
      name: z.string(),
      expiresAt: z.string(),
    }),
    z.object({ valid: z.literal(false) }),
  ]),
  refusals: [],
});
