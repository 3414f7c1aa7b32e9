import type { Streams } from "@jifen/contract";
import type { JifenClient } from "./client.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { type ClientCode, isErrorBody, JifenError, type JifenErrorCode, type JifenErrorDetails } from "./error.ts";
import { shownAddress } from "./server-address.ts";
import { beginTimeLimit } from "./time-limit.ts";
import { retryAfterSeconds, TransportFailure } from "./transport.ts";
import { requireTotal } from "./whole-file.ts";
import { wordingOf } from "./wording.ts";

/** What a file of logs is asked for. */
export type LogExportInput = Streams["logs"]["export"]["input"]["_zod"]["input"];

/** What a file of transactions is asked for. */
export type TransactionExportInput = Streams["transactions"]["export"]["input"]["_zod"]["input"];

/** Options of a file. `signal` ends it, also while it is being read. */
export type ExportOptions = { readonly signal?: AbortSignal | undefined };

/**
 * The logs of the user as a file, oldest first, as a web stream of its bytes. Reading it as fast as it is needed keeps
 * neither side waiting with a file in memory. The stream fails with a JifenError when the file breaks off: what was read
 * until then is not whole. Continue it with `after`, the id of the last log in it.
 * @throws JifenError before the first byte, as a call of `logs.list`; RATE_LIMITED with two files at the same time
 */
export const exportLogs = (
  client: Pick<JifenClient, "logs">,
  input: LogExportInput = {},
  options: ExportOptions = {},
): Promise<ReadableStream<Uint8Array>> => exportFile(client, { path: "/logs/export", input }, options);

/** The transactions of the user as a file, oldest first; see `exportLogs`. @throws JifenError, as `exportLogs` */
export const exportTransactions = (
  client: Pick<JifenClient, "transactions">,
  input: TransactionExportInput = {},
  options: ExportOptions = {},
): Promise<ReadableStream<Uint8Array>> => exportFile(client, { path: "/credits/transactions/export", input }, options);

type Asked = { readonly path: string; readonly input: LogExportInput | TransactionExportInput };

async function exportFile(
  client: Partial<JifenClient>,
  { path, input }: Asked,
  { signal }: ExportOptions,
): Promise<ReadableStream<Uint8Array>> {
  const connection = connectionOf(client);
  const present = Object.entries(input).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(present.map(([name, value]) => [name, String(value)]));
  const failed = (cause: unknown) => toError(connection, { cause, signal });
  const response = await request(connection, `${path}?${query}`, signal).catch((cause: unknown) => {
    throw failed(cause);
  });
  if (!response.ok || response.body === null) throw await refusalOf(connection, response);
  const bytes = response.body.pipeThrough(requireTotal(input.format ?? "csv"));
  return mapError(bytes, failed);
}

/** The timeout ends with the headers: a long file is no reason to give up. */
async function request(connection: Connection, target: string, signal: AbortSignal | undefined): Promise<Response> {
  const { url, fetch, timeoutMs, headers } = connection;
  const limit = beginTimeLimit(timeoutMs, signal);
  try {
    return await fetch(url + target, { headers: await headers(), cache: "no-store", signal: limit.signal });
  } finally {
    limit.stopTimer();
  }
}

/** The error of a response that is no file. */
async function refusalOf(connection: Connection, response: Response): Promise<JifenError> {
  const body: unknown = await response.json().catch(() => undefined);
  const wait = retryAfterSeconds(response.headers);
  if (!isErrorBody(body)) {
    return clientError("UNEXPECTED_RESPONSE", connection, { status: response.status, retryAfterSeconds: wait });
  }
  const { code, message, requestId, ...details } = body;
  return new JifenError<JifenErrorCode>({
    ...{ code, message, requestId, status: response.status, retryAfterSeconds: wait },
    details: details as JifenErrorDetails<typeof code>,
  });
}

type Failed = { readonly cause: unknown; readonly signal: AbortSignal | undefined };

function toError(connection: Connection, { cause, signal }: Failed): JifenError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  if (signal?.aborted) return clientError("ABORTED", connection, { cause: error });
  return clientError(cause instanceof TransportFailure ? cause.code : "NETWORK_ERROR", connection, { cause: error });
}

type ErrorParts = Pick<ConstructorParameters<typeof JifenError>[0], "cause" | "status" | "retryAfterSeconds">;

function clientError(code: ClientCode, { language, url }: Connection, parts: ErrorParts): JifenError {
  const message = wordingOf(code, { language, address: shownAddress(url), status: parts.status });
  return new JifenError<JifenErrorCode>({ code, details: {}, message, ...parts });
}

/** The same stream, whose error is converted. */
function mapError(source: ReadableStream<Uint8Array>, convert: (cause: unknown) => Error): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          controller.error(convert(cause));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
