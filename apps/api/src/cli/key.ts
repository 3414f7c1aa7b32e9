import { operations, scopes } from "@jifen/contract";
import { userId } from "@jifen/core";
import { defineCommand } from "citty";
import { toAuditEvent } from "../modules/audit/audit-event.ts";
import { shownPart } from "../modules/identity/credentials/service-key.ts";
import { scopesExceeding } from "../modules/identity/keys/key-permissions.ts";
import { issueKey, rotateKey } from "../modules/identity/use-cases/issue-key.ts";
import { storedRole } from "../modules/identity/users/stored-names.ts";
import { isoTime, isoTimeOrNull } from "../values/iso-time.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

const keyIdArgument = {
  type: "positional",
  description: t({ en: "The 12 characters after jf_live_.", zh: "密钥 ID：jf_live_ 之后的 12 个字符。" }),
  required: true,
} as const;
const onceWords = t({ en: "It is shown this once: keep it now.", zh: "只显示这一次，请立即保存。" });

const stateWords = (revokedAt: string | null, lastUsedAt: string | null): string =>
  revokedAt === null
    ? `${t({ en: "last used", zh: "最近使用" })} ${lastUsedAt ?? "-"}`
    : `${t({ en: "revoked", zh: "已吊销" })} ${revokedAt}`;

const create = defineCommand({
  meta: { name: "create", description: t({ en: "Makes a service key and prints it.", zh: "创建服务密钥并打印。" }) },
  args: {
    owner: {
      type: "string",
      description: t({ en: "E-mail address of whom it acts for.", zh: "所有者邮箱。" }),
      required: true,
    },
    name: { type: "string", description: t({ en: "What it is for.", zh: "用途。" }), required: true },
    scopes: {
      type: "string",
      description: t({
        en: `Separated by commas, of ${scopes.join(", ")}.`,
        zh: `逗号分隔，可选：${scopes.join("、")}。`,
      }),
      required: true,
    },
    "expires-at": {
      type: "string",
      description: t({ en: "ISO 8601; never when left out.", zh: "到期时间（ISO 8601），不填则永不到期。" }),
    },
    json: jsonArgument,
  },
  run: ({ args: { owner, name, scopes: list, "expires-at": expiresAt, json } }) =>
    withDatabase(async (database, settings) => {
      const typed = { userId: owner, name, scopes: list.split(",").map((each) => each.trim()) };
      const input = parseInput(operations.keys.create.input, {
        ...typed,
        ...(expiresAt !== undefined && { expiresAt }),
      });
      if (!input) return;
      const ownerId = userId(`${input.userId}`);
      const found = await database.users.find(ownerId);
      if (!found || found.deletedAtMs !== null) return printRefusal({ code: "USER_NOT_FOUND" });
      const tooMuch = scopesExceeding(input.scopes, {
        ownerRole: storedRole(found),
        maker: { role: "admin", scopes: null },
      });
      if (tooMuch.length > 0) return printRefusal({ code: "SCOPE_NOT_GRANTABLE", scopes: tooMuch });
      const operator = createOperator(database, settings);
      const expiresAtMs = input.expiresAt === undefined ? null : Date.parse(input.expiresAt);
      const wanted = { ownerId, name: input.name, scopes: input.scopes, expiresAtMs };
      const issued = await issueKey(operator, wanted, operator.by);
      if (!issued.ok) return printRefusal(issued.refusal);
      const { text, key } = issued.value;
      print(json, { keyId: key.id, key: text, ownerId, scopes: input.scopes }, `${text}\n${onceWords}`);
    }),
});

const list = defineCommand({
  meta: {
    name: "list",
    description: t({
      en: "Lists service keys, newest first; never what opens anything.",
      zh: "列出服务密钥，最新的在前，不显示密钥本身。",
    }),
  },
  args: {
    owner: { type: "string", description: t({ en: "Only of this owner.", zh: "只看某个所有者。" }) },
    json: jsonArgument,
  },
  run: ({ args: { owner, json } }) =>
    withDatabase(async (database) => {
      const input = parseInput(operations.keys.list.input, owner === undefined ? {} : { userId: owner });
      if (!input) return;
      const ownerId = input.userId === undefined ? undefined : userId(input.userId);
      const keys = await database.keys.list(ownerId, { limit: 1_000 });
      const items = keys.map((key) => ({
        keyId: key.id,
        name: key.name,
        ownerId: key.ownerId,
        scopes: key.scopes,
        createdAt: isoTime(key.createdAtMs),
        expiresAt: isoTimeOrNull(key.expiresAtMs),
        revokedAt: isoTimeOrNull(key.revokedAtMs),
        lastUsedAt: isoTimeOrNull(key.lastUsedAtMs),
      }));
      const lines = items.map(
        ({ keyId, name, ownerId: of, scopes: may, revokedAt, lastUsedAt }) =>
          `${shownPart(keyId)}…  ${of}  ${may.join(",")}  ${stateWords(revokedAt, lastUsedAt)}  ${name}`,
      );
      print(json, { items }, lines.length === 0 ? t({ en: "There are no keys.", zh: "没有密钥。" }) : lines.join("\n"));
    }),
});

const rotate = defineCommand({
  meta: {
    name: "rotate",
    description: t({
      en: "Gives a key another secret; the old one works a while longer.",
      zh: "轮换密钥：生成新密钥，旧密钥继续有效一段时间。",
    }),
  },
  args: {
    id: keyIdArgument,
    overlap: {
      type: "string",
      description: t({ en: "Seconds that the old one still works.", zh: "旧密钥的有效秒数。" }),
      default: "86400",
    },
    json: jsonArgument,
  },
  run: ({ args: { id, overlap, json } }) =>
    withDatabase(async (database, settings) => {
      const input = parseInput(operations.keys.rotate.input, { keyId: id, overlapSeconds: Number(overlap) });
      if (!input) return;
      const operator = createOperator(database, settings);
      const rotated = await rotateKey(operator, { id, overlapSeconds: input.overlapSeconds }, operator.by);
      if (!rotated) return printRefusal({ code: "KEY_NOT_FOUND" });
      const previousUntil = isoTime(rotated.previousUntilMs);
      print(json, { keyId: id, key: rotated.text, previousUntil }, `${rotated.text}\n${onceWords}`);
    }),
});

const revoke = defineCommand({
  meta: {
    name: "revoke",
    description: t({ en: "Ends a key, within five seconds everywhere.", zh: "吊销密钥，五秒内处处生效。" }),
  },
  args: {
    id: keyIdArgument,
    reason: { type: "string", description: t({ en: "Why.", zh: "原因。" }) },
    json: jsonArgument,
  },
  run: ({ args: { id, reason, json } }) =>
    withDatabase(async (database, settings) => {
      const input = parseInput(operations.keys.revoke.input, { keyId: id, ...(reason !== undefined && { reason }) });
      if (!input) return;
      const operator = createOperator(database, settings);
      const event = toAuditEvent(operator, operator.by, { action: "keys.revoke", subject: `key:${id}`, reason });
      const isRevoked = await database.keys.revoke(id, operator.nowMs(), event);
      if (!isRevoked) return printRefusal({ code: "KEY_NOT_FOUND" });
      print(json, { keyId: id }, t({ en: `Revoked ${shownPart(id)}.`, zh: `已吊销 ${shownPart(id)}。` }));
    }),
});

/** `jifen key …` */
export const key = defineCommand({
  meta: { name: "key", description: t({ en: "Service keys.", zh: "服务密钥。" }) },
  subCommands: { create, list, rotate, revoke },
});
