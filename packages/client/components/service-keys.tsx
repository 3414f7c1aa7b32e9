"use client";

import { type NewKey, type ServiceKey, useErrorText, useServiceKeys, useTimeText, useWords } from "@jifen/client/react";
import { type FormEvent, useId, useState } from "react";

const words = {
  zh: {
    title: "服务密钥",
    name: "新密钥的名称",
    create: "创建密钥",
    secret: "密钥只显示这一次，请立即保存：",
    empty: "还没有密钥。",
    revoked: "已吊销",
    expired: "已过期",
    until: (day: string) => `${day} 到期`,
    used: (time: string) => `最近使用 ${time}`,
    neverUsed: "尚未使用",
    rotate: "轮换",
    revoke: "吊销",
    confirm: "确认吊销",
    more: "更早的密钥",
  },
  en: {
    title: "Service keys",
    name: "Name of the new key",
    create: "Create a key",
    secret: "The key is shown only once. Store it now:",
    empty: "No keys yet.",
    revoked: "revoked",
    expired: "expired",
    until: (day: string) => `until ${day}`,
    used: (time: string) => `last used ${time}`,
    neverUsed: "never used",
    rotate: "Rotate",
    revoke: "Revoke",
    confirm: "Confirm: revoke",
    more: "Older keys",
  },
};

type KeyManagerProps = {
  /** What new keys may do. */
  scopes?: NewKey["scopes"];
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** Creates, rotates and revokes the keys of the user. A secret is shown once. */
export function KeyManager({
  scopes = ["credits:read", "credits:spend"],
  words: changed,
  className = "",
}: KeyManagerProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const { items, isLoading, error, more, create, rotate, revoke, isPending, refusal } = useServiceKeys();
  const [secret, setSecret] = useState<string>();
  const id = useId();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("name") ?? "").trim();
    if (name === "" || isPending) return;
    const created = await create({ name, scopes });
    if (!created) return;
    setSecret(created.key);
    form.reset();
  }

  return (
    <section
      aria-labelledby={id}
      className={`flex flex-col gap-4 rounded-xl border border-border bg-card p-5 text-card-foreground ${className}`}
    >
      <h2 id={id} className="font-medium">
        {say.title}
      </h2>
      <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-end gap-3">
        <label className="flex min-w-0 flex-1 basis-48 flex-col gap-1.5">
          <span className="text-sm font-medium">{say.name}</span>
          <input
            name="name"
            required
            maxLength={100}
            autoComplete="off"
            className="w-full rounded-lg border border-border bg-background px-3 py-2.5 text-base text-foreground"
          />
        </label>
        <button
          type="submit"
          aria-disabled={isPending}
          className="rounded-lg bg-primary px-4 py-3 font-medium text-primary-foreground aria-disabled:opacity-70"
        >
          {say.create}
        </button>
      </form>
      <div role="status" className="empty:hidden">
        {secret !== undefined && (
          <p className="rounded-lg border border-border p-4 text-sm">
            {say.secret} <code className="font-mono break-all">{secret}</code>
          </p>
        )}
      </div>
      {(refusal ?? error) && (
        <p role="alert" className="text-sm text-destructive">
          {errorText(refusal ?? (error as NonNullable<typeof error>))}
        </p>
      )}
      {!isLoading && !error && items.length === 0 && <p className="text-sm text-muted-foreground">{say.empty}</p>}
      <ul className="divide-y divide-border empty:hidden">
        {items.map((key) => (
          <KeyItem
            key={key.keyId}
            serviceKey={key}
            say={say}
            onRotate={async () => setSecret((await rotate(key.keyId))?.key)}
            onRevoke={() => revoke(key.keyId)}
          />
        ))}
      </ul>
      {more && (
        <button type="button" onClick={more} className="self-start text-sm underline underline-offset-4">
          {say.more}
        </button>
      )}
    </section>
  );
}

type KeyItemProps = {
  serviceKey: ServiceKey;
  say: typeof words.zh;
  onRotate: () => Promise<void>;
  onRevoke: () => Promise<void>;
};

function KeyItem({ serviceKey, say, onRotate, onRevoke }: KeyItemProps) {
  const time = useTimeText();
  const [isSure, setIsSure] = useState(false);
  const { name, prefix, expiresAt, revokedAt, lastUsedAt } = serviceKey;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
  const end = revokedAt !== null ? say.revoked : isExpired ? say.expired : expiresAt && say.until(time(expiresAt));
  const used = lastUsedAt === null ? say.neverUsed : say.used(time(lastUsedAt));
  const look = "rounded-lg border border-border px-3 py-2 text-sm hover:border-foreground";
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="text-sm break-all text-muted-foreground">
          <code className="font-mono">{prefix}…</code> · {end ? `${end} · ` : ""}
          {used}
        </p>
      </div>
      {revokedAt === null && !isExpired && (
        <div className="flex gap-2">
          <button type="button" aria-label={`${say.rotate} ${name}`} onClick={() => void onRotate()} className={look}>
            {say.rotate}
          </button>
          {/* A key that is revoked by mistake stops a running site: it takes a second press. */}
          <button
            type="button"
            aria-label={`${isSure ? say.confirm : say.revoke} ${name}`}
            onClick={() => (isSure ? void onRevoke() : setIsSure(true))}
            onBlur={() => setIsSure(false)}
            className={`${look} ${isSure ? "border-destructive text-destructive" : ""}`}
          >
            {isSure ? say.confirm : say.revoke}
          </button>
        </div>
      )}
    </li>
  );
}
