import { randomBytes } from "node:crypto";
import { defineCommand } from "citty";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";

/** The size of the hash of HMAC-SHA-256, below which a key weakens it (RFC 8725, section 3.5). */
const BYTES = 32;

const create = defineCommand({
  meta: {
    name: "new",
    description: t({ en: "Generates a secret for JWT_SECRET.", zh: "生成一个可用于 JWT_SECRET 的新密钥。" }),
  },
  args: { json: jsonArgument },
  run: ({ args: { json } }) => {
    const secret = randomBytes(BYTES).toString("base64url");
    print(json, { secret }, secret);
  },
});

/** `jifen secret …` */
export const secret = defineCommand({
  meta: { name: "secret", description: t({ en: "Secrets for the settings.", zh: "配置用的密钥。" }) },
  subCommands: { new: create },
});
