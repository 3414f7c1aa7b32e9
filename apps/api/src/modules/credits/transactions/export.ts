import { streams } from "@jifen/contract";
import { accountOf, ok, transactionId } from "@jifen/core";
import { implementStream } from "../../../trpc/stream.ts";
import { invalidField } from "../../../values/invalid-field.ts";
import type { TransactionExportJob } from "../../exports/export-job.ts";
import { requesterOf } from "../../exports/exports.ts";
import { describeFile, readFileRequest } from "../../exports/file-request.ts";
import type { StreamDeps } from "../deps.ts";

/** Exports the transactions of the caller as a file. */
export const exportTransactions = ({ database: { history }, ledger, exports, timeZone, nowMs }: StreamDeps) =>
  implementStream(streams.transactions.export, async ({ input, caller, language, signal }) => {
    const request = readFileRequest(input, { timeZone, language: language() });
    if (!request.ok) return request;
    const { form, fromMs, toMs } = request.value;
    const account = accountOf(caller.userId);
    const after = input.after === undefined ? undefined : await history.entry(transactionId(input.after), account);
    if (input.after !== undefined && after === undefined) {
      return invalidField("after", {
        zh: "必须是这个账户中一笔流水的 transactionId，请检查它和所用的账户",
        en: "must be the transactionId of a transaction of this account; check it and the user of the credential",
      });
    }
    const start = async () => {
      // Processes expirations first: the file has their transactions.
      await ledger.balance(account);
      const [last] = await history.entries(account, {}, { limit: 1 });
      const job: TransactionExportJob = {
        ...form,
        kind: "transactions",
        accountId: account,
        filter: { kind: input.kind, action: input.action, fromMs, toMs },
        ...{ afterSequence: after?.sequence ?? 0, lastSequence: last?.sequence ?? 0 },
        reader: { userId: caller.userId, key: caller.key },
      };
      return exports.start(job, requesterOf(caller, signal));
    };
    return ok({ ...describeFile("transactions", input.format, nowMs()), start });
  });
