import type { JifenError } from "../error.ts";
import type { JifenInputs, JifenOutputs } from "../router.ts";
import { type Loaded, type Pages, useLoaded, usePages, useRead } from "./loaded.ts";
import { useJifenState } from "./provider.tsx";

/** The balance of the user. Numbers are undefined until a response has arrived. */
export type Balance = {
  readonly balance: number | undefined;
  readonly held: number | undefined;
  readonly expiring: { readonly amount: number; readonly expiresAt: string } | null | undefined;
  /** Undefined while the balance is unknown. */
  canAfford(amount: number): boolean | undefined;
  readonly isLoading: boolean;
  readonly error: JifenError | null;
  refresh(): void;
};

/** The balance. It is read again after each charge of this page, and every `refetchIntervalMs` if that is set. */
export function useBalance({ refetchIntervalMs }: { refetchIntervalMs?: number | undefined } = {}): Balance {
  const { initialBalance } = useJifenState();
  const { data, isLoading, error, refetch } = useRead({
    path: "credits.balance",
    read: (jifen, signal) => jifen.credits.balance.query(undefined, { signal }),
    options: { refetchInterval: refetchIntervalMs ?? false },
  });
  const balance = data?.balance ?? initialBalance;
  return {
    balance,
    held: data?.held,
    expiring: data?.expiring,
    canAfford: (amount) => (balance === undefined ? undefined : balance >= amount),
    isLoading,
    error,
    refresh: () => void refetch(),
  };
}

/** One entry of the journal. */
export type Transaction = JifenOutputs["transactions"]["list"]["items"][number];

/** The journal, newest first. */
export const useTransactions = (filter: Omit<JifenInputs["transactions"]["list"], "cursor"> = {}): Pages<Transaction> =>
  usePages({
    path: "transactions.list",
    input: filter,
    read: (jifen, cursor, signal) => jifen.transactions.list.query({ ...filter, ...cursor }, { signal }),
  });

/** A grant: credits with a source and an expiry. */
export type Grant = JifenOutputs["grants"]["list"]["items"][number];

/** The grants, newest first. */
export const useGrants = (): Pages<Grant> =>
  usePages({
    path: "grants.list",
    read: (jifen, cursor, signal) => jifen.grants.list.query(cursor, { signal }),
  });

/** A hold: credits that are reserved for a job. */
export type Hold = JifenOutputs["holds"]["list"]["items"][number];

/** The holds, newest first. */
export const useHolds = (filter: { state?: Hold["state"] } = {}): Pages<Hold> =>
  usePages({
    path: "holds.list",
    input: filter,
    read: (jifen, cursor, signal) => jifen.holds.list.query({ ...filter, ...cursor }, { signal }),
  });

/** Why a transaction happened: its hold, its grants and its refunds. */
export const useExplanation = (transactionId: string): Loaded<JifenOutputs["transactions"]["find"]> =>
  useLoaded({
    path: "transactions.find",
    input: transactionId,
    read: (jifen, signal) => jifen.transactions.find.query({ transactionId }, { signal }),
  });

/** The statement of a month. */
export type Statement = JifenOutputs["statements"]["find"];

/** The statement of a month such as `2026-11`, in a time zone such as `Asia/Shanghai`. Nothing is read without a month. */
export const useStatement = (month: string | undefined, tz?: string): Loaded<Statement> =>
  useLoaded({
    path: "statements.find",
    input: { month, tz },
    read: (jifen, signal) =>
      jifen.statements.find.query({ month: month ?? "", ...(tz !== undefined && { tz }) }, { signal }),
    options: { enabled: month !== undefined },
  });
