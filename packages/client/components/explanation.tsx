"use client";

import { useErrorText, useExplanation, useTimeText, useWords } from "@jifen/client/react";

const words = {
  zh: {
    title: "这笔积分的说明",
    action: "项目",
    amount: "积分",
    at: "时间",
    after: "之后的余额",
    actor: "由谁引起",
    staff: "工作人员",
    hold: "预扣",
    holdSum: (amount: number, captured: number, released: number) =>
      `预扣 ${amount}，结算 ${captured}，退回 ${released}`,
    grants: "来自的批次",
    refunds: "退款",
    none: "没有",
    number: "流水号",
  },
  en: {
    title: "Why this happened",
    action: "Action",
    amount: "Credits",
    at: "Time",
    after: "Balance after it",
    actor: "Caused by",
    staff: "staff",
    hold: "Hold",
    holdSum: (amount: number, captured: number, released: number) =>
      `${amount} held, ${captured} charged, ${released} returned`,
    grants: "Taken from",
    refunds: "Refunds",
    none: "none",
    number: "Number",
  },
};

type ExplanationProps = { transactionId: string; words?: Partial<typeof words.zh>; className?: string };

/** Why a transaction happened: what was charged, of which grants, and what was refunded. */
export function Explanation({ transactionId, words: changed, className = "" }: ExplanationProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const time = useTimeText();
  const { data, error } = useExplanation(transactionId);
  if (!data) return <p className={`text-sm text-muted-foreground ${className}`}>{error ? errorText(error) : "…"}</p>;
  const { hold, grants, refunds, actor } = data;
  const rows = [
    { name: say.action, value: data.action },
    { name: say.amount, value: data.amount },
    { name: say.at, value: time(data.createdAt) },
    { name: say.after, value: data.balanceAfter },
    { name: say.actor, value: actor === "staff" ? say.staff : actor },
    { name: say.hold, value: hold && say.holdSum(hold.amount, hold.captured, hold.released) },
    { name: say.grants, value: grants.map(({ amount, source }) => `${source} ${amount}`).join(", ") || say.none },
    {
      name: say.refunds,
      value: refunds.map(({ amount, createdAt }) => `${amount} (${time(createdAt)})`).join(", ") || say.none,
    },
    { name: say.number, value: data.transactionId },
  ].filter(({ value }) => value !== null);
  return (
    <section
      aria-label={say.title}
      className={`rounded-xl border border-border bg-card p-5 text-card-foreground ${className}`}
    >
      <h2 className="font-medium">{say.title}</h2>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        {rows.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="min-w-0 text-right wrap-anywhere tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
