import { operations, scopes } from "@jifen/contract";
import { userId } from "@jifen/core";
import { defineCommand } from "citty";
import { keyPrefix } from "../modules/identity/credentials/service-key.ts";
import { createKey } from "../modules/identity/use-cases/create-key.ts";
import { type KeyOutput, listKeys } from "../modules/identity/use-cases/list-keys.ts";
import { revokeKey } from "../modules/identity/use-cases/revoke-key.ts";
import { rotateKey } from "../modules/identity/use-cases/rotate-key.ts";
import { isoTime } from "../values/iso-time.ts";
import { parseTime } from "../values/parse-time.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { withDatabase } from "./with-database.ts";

const keyIdArgument = {
  type: "positional",
  description: t({ en: "The 12 characters after jf_live_.", zh: "密钥 ID：jf_live_ 之后的 12 个字符。" }),
  required: true,
} as const;
const shownOnceText = t({ en: "The key is shown only once. Store it now.", zh: "密钥只显示这一次，请立即保存。" });

const PAGE_SIZE = 100;

const create = defineCommand({
  meta: {
    name: "create",
    description: t({ en: "Creates a service key and prints it.", zh: "创建服务密钥并打印。" }),
  },
  args: {
    owner: {
      type: "string",
      description: t({ en: "E-mail address of the owner.", zh: "所有者邮箱。" }),
      required: true,
    },
    name: { type: "string", description: t({ en: "What the key is for.", zh: "用途。" }), required: true },
    scopes: {
      type: "string",
      description: t({
        en: `Comma-separated list of ${scopes.join(", ")}.`,
        zh: `逗号分隔，可选：${scopes.join("、")}。`,
      }),
      required: true,
    },
    "expires-at": {
      type: "string",
      description: t({ en: "ISO 8601. Default: never.", zh: "到期时间（ISO 8601），不填则永不到期。" }),
    },
    "grant-limit": {
      type: "string",
      description: t({
        en: "Credits that it grants in a day (UTC) at most; with the scope credits:grant.",
        zh: "每天（UTC）最多发放的积分，与 credits:grant 权限一起使用。",
      }),
    },
    json: jsonArgument,
  },
  run: ({ args: { owner, name, scopes: list, "expires-at": expiresAt, "grant-limit": limit, json } }) => {
    const input = parseInput(operations.keys.create.input, {
      userId: owner,
      name,
      scopes: list.split(",").map((each) => each.trim()),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(limit !== undefined && { grantLimitPerDay: wholeNumber(limit) }),
    });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const ownerId = userId(`${input.userId}`);
      const request = { ...input, ownerId, expiresAtMs: parseTime(input.expiresAt) ?? null };
      const created = await createKey(operator, request, operator.by);
      if (!created.ok) return printRefusal(created.refusal);
      const { text, key } = created.value;
      print(json, { keyId: key.id, key: text, ownerId, scopes: input.scopes }, `${text}\n${shownOnceText}`);
    });
  },
});

const stateText = ({ revokedAt, lastUsedAt }: KeyOutput): string =>
  revokedAt === null
    ? `${t({ en: "last used", zh: "最近使用" })} ${lastUsedAt ?? "-"}`
    : `${t({ en: "revoked", zh: "已吊销" })} ${revokedAt}`;

const list = defineCommand({
  meta: {
    name: "list",
    description: t({
      en: "Lists service keys, newest first, without their secrets.",
      zh: "列出服务密钥，最新的在前，不显示密钥本身。",
    }),
  },
  args: {
    owner: { type: "string", description: t({ en: "Only keys of this owner.", zh: "只看某个所有者。" }) },
    json: jsonArgument,
  },
  run: ({ args: { owner, json } }) => {
    const input = parseInput(operations.keys.list.input, owner === undefined ? {} : { userId: owner });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const ownerId = input.userId === undefined ? undefined : userId(input.userId);
      const operator = createOperator(database, settings);
      const items: KeyOutput[] = [];
      let cursor: string | undefined;
      do {
        const listed = await listKeys(operator, { ownerId, limit: PAGE_SIZE, cursor }, operator.by);
        if (!listed.ok) return printRefusal(listed.refusal);
        items.push(...listed.value.items);
        cursor = listed.value.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const lines = items.map(
        (key) => `${key.prefix}…  ${key.ownerId}  ${key.scopes.join(",")}  ${stateText(key)}  ${key.name}`,
      );
      print(json, { items }, lines.length === 0 ? t({ en: "No keys.", zh: "没有密钥。" }) : lines.join("\n"));
    });
  },
});

const rotate = defineCommand({
  meta: {
    name: "rotate",
    description: t({
      en: "Replaces the secret of a key; the old one stays valid for a while.",
      zh: "轮换密钥：生成新密钥，旧密钥继续有效一段时间。",
    }),
  },
  args: {
    id: keyIdArgument,
    overlap: {
      type: "string",
      description: t({ en: "How many seconds the old secret stays valid.", zh: "旧密钥的有效秒数。" }),
      default: "86400",
    },
    json: jsonArgument,
  },
  run: ({ args: { id, overlap, json } }) => {
    const input = parseInput(operations.keys.rotate.input, { keyId: id, overlapSeconds: wholeNumber(overlap) });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const rotated = await rotateKey(operator, input, operator.by);
      if (!rotated.ok) return printRefusal(rotated.refusal);
      const { text, previousUntilMs } = rotated.value;
      const result = { keyId: input.keyId, key: text, previousUntil: isoTime(previousUntilMs) };
      print(json, result, `${text}\n${shownOnceText}`);
    });
  },
});

const revoke = defineCommand({
  meta: {
    name: "revoke",
    description: t({ en: "Revokes a key, everywhere within five seconds.", zh: "吊销密钥，五秒内处处生效。" }),
  },
  args: {
    id: keyIdArgument,
    reason: { type: "string", description: t({ en: "The reason, for the audit log.", zh: "原因，写入审计日志。" }) },
    json: jsonArgument,
  },
  run: ({ args: { id, reason, json } }) => {
    const input = parseInput(operations.keys.revoke.input, { keyId: id, ...(reason !== undefined && { reason }) });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const revoked = await revokeKey(operator, input, operator.by);
      if (!revoked.ok) return printRefusal(revoked.refusal);
      const { keyId } = input;
      print(json, { keyId }, t({ en: `Revoked ${keyPrefix(keyId)}.`, zh: `已吊销 ${keyPrefix(keyId)}。` }));
    });
  },
});

/** `jifen key …` */
export const key = defineCommand({
  meta: { name: "key", description: t({ en: "Service keys.", zh: "服务密钥。" }) },
  subCommands: { create, list, rotate, revoke },
});
