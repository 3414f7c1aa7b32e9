import { createTabStore, type JifenInputs, type JifenOutputs } from "@jifen/client";

/** A request to give credits to many users. It is repeated as it was, with its idempotency key. */
export type BatchRequest = JifenInputs["admin"]["grantMany"];
/** What became of each user of a request. */
type BatchAnswer = JifenOutputs["admin"]["grantMany"];
type Result = BatchAnswer["results"][number];

/** A request that was answered. */
export type Batch = {
  readonly request: BatchRequest;
  readonly answer: BatchAnswer;
  /** Whether the request was sent again and the answer to that is not known: users without credits may have them by now. */
  readonly isOutdated: boolean;
};

/** After these the same request can still give to the user, or has given already. All other refusals are final. */
const openCodes: ReadonlySet<string> = new Set(["OUTCOME_UNKNOWN", "OVERLOADED", "DATABASE_UNAVAILABLE"]);

/** Whether it is not known yet if the user of this result has the credits. */
export const isOpen = (result: Result, { isOutdated }: Pick<Batch, "isOutdated">): boolean =>
  "code" in result && (isOutdated || openCodes.has(result.code));

const isBatch = (value: unknown): value is Batch =>
  typeof (value as Partial<Batch> | null)?.request?.idempotencyKey === "string" &&
  Array.isArray((value as Partial<Batch>).answer?.results);

const store = createTabStore(isBatch);

/** The batch of a person in this tab. It outlives a reload and other pages: without its key, it would be given a second time. */
export const batchOf = (userId: string) => {
  const name = `jifen-batch:${userId}`;
  return {
    find: (): Batch | undefined => store.find(name),
    keep: (batch: Batch): void => store.keep(name, batch),
    forget: (): void => store.forget(name),
  };
};
