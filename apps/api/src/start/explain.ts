import type { Wording } from "@jifen/contract";
import {
  ImportUnfinished,
  MigrationFailed,
  SchemaTooNew,
  SchemaTooOld,
  UnsafeDatabaseSettings,
  UnsupportedDatabaseUrl,
  UnusableDatabase,
} from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import { MissingRights } from "../modules/health/use-cases/check-rights.ts";
import { TransferError } from "../modules/transfer/transfer-error.ts";
import { InvalidSettings } from "../settings/settings.ts";
import { reasonOf } from "./reason.ts";
import { remedyOf } from "./remedies.ts";
import { type Stage, StageFailed, stageText } from "./stage.ts";

/** Their message says what is wrong and how to correct it, in both languages. */
const complete = [
  InvalidSettings,
  ImportUnfinished,
  TransferError,
  MissingRights,
  SchemaTooNew,
  SchemaTooOld,
  UnsafeDatabaseSettings,
  UnusableDatabase,
] as const;

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const checkUrl: Wording = {
  en: "Check that it runs and that DATABASE_URL is correct.",
  zh: "无法连接数据库，请检查它是否运行以及 DATABASE_URL。",
};

const withRemedy = (what: string, remedy: Wording | undefined): string =>
  remedy === undefined ? `${what}.` : `${what}. ${remedy.en} ${remedy.zh}`;

/** The stage of an error, and the error itself. An error of a database has no other stage. */
const partsOf = (error: unknown): readonly [Stage, unknown] =>
  error instanceof StageFailed ? [error.stage, error.cause] : ["database", error];

/** What failed and how to correct it, in one line or, for a list of problems, one line each. */
export function explain(thrown: unknown): string {
  const [stage, error] = partsOf(thrown);
  if (complete.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof UnsupportedDatabaseUrl) return `DATABASE_URL ${error.message}`;
  const remedy = remedyOf(error, stage);
  if (error instanceof MigrationFailed) return withRemedy(error.message.replaceAll(/\s+/g, " "), remedy);
  if (error instanceof DatabaseUnavailable) {
    const reason = reasonOf(error);
    const what = reason === error.message ? error.message : `${error.message}: ${reason}`;
    return withRemedy(sentence(what), remedy ?? checkUrl);
  }
  const { en, zh } = stageText(stage);
  return withRemedy(`${sentence(en)} failed（${zh}失败）: ${reasonOf(error)}`, remedy);
}

/** Whether `explain` knows no remedy, so that the stack trace helps. */
export function isUnexplained(thrown: unknown): boolean {
  const [stage, error] = partsOf(thrown);
  if ([...complete, UnsupportedDatabaseUrl].some((kind) => error instanceof kind)) return false;
  return remedyOf(error, stage) === undefined;
}
