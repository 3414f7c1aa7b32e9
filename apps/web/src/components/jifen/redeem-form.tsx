"use client";

import { type Redeemed, useErrorText, useRedeem, useWords } from "@jifen/client/react";
import { type FormEvent, useId } from "react";

const words = {
  zh: {
    title: "兑换积分码",
    code: "积分码",
    hint: "20 个字符，不区分大小写，连字符可以省略。",
    redeem: "兑换",
    redeeming: "正在兑换…",
    redeemed: (credits: number, balance: number) => `已兑换 ${credits} 积分，余额 ${balance} 积分。`,
  },
  en: {
    title: "Redeem a code",
    code: "Code",
    hint: "20 characters, in upper or lower case; hyphens can be left out.",
    redeem: "Redeem",
    redeeming: "Redeeming…",
    redeemed: (credits: number, balance: number) => `${credits} credits redeemed. Your balance: ${balance} credits.`,
  },
};

type RedeemFormProps = {
  onRedeemed?: (redeemed: Redeemed) => void;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** Redeems a code. */
export function RedeemForm({ onRedeemed, words: changed, className = "" }: RedeemFormProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const id = useId();
  const { redeem, isPending, value, error } = useRedeem();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const code = String(new FormData(form).get("code") ?? "").trim();
    if (code === "" || isPending) return;
    const redeemed = await redeem(code);
    if (!redeemed) return;
    form.reset();
    onRedeemed?.(redeemed);
  }

  return (
    <form
      onSubmit={(event) => void submit(event)}
      aria-labelledby={`${id}-title`}
      className={`flex flex-col gap-4 rounded-xl border border-border bg-card p-5 text-card-foreground ${className}`}
    >
      <h2 id={`${id}-title`} className="font-medium">
        {say.title}
      </h2>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={`${id}-code`} className="text-sm font-medium">
          {say.code}
        </label>
        <input
          id={`${id}-code`}
          name="code"
          required
          maxLength={100}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="K7WQ2-9XH4M-0BTRC-5E8NZ"
          aria-describedby={`${id}-hint`}
          className="w-full rounded-lg border border-border bg-background px-3 py-2.5 font-mono text-base text-foreground uppercase placeholder:text-muted-foreground"
        />
        <p id={`${id}-hint`} className="text-sm text-muted-foreground">
          {say.hint}
        </p>
      </div>
      {/* aria-disabled, because a disabled button loses the keyboard focus. */}
      <button
        type="submit"
        aria-disabled={isPending}
        className="rounded-lg bg-primary px-4 py-3 font-medium text-primary-foreground aria-disabled:opacity-70"
      >
        {isPending ? say.redeeming : say.redeem}
      </button>
      {error && (
        <p role="alert" className="text-sm text-destructive">
          {errorText(error)}
        </p>
      )}
      <p role="status" className="text-sm empty:hidden">
        {value && say.redeemed(value.credits, value.balance)}
      </p>
    </form>
  );
}
