import type { LookupAddress } from "node:dns";
import { type ClientRequest, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type AllowedNetworks, isAllowedAddress, isListed } from "./allowed-address.ts";
import type { ResolveHost } from "./resolve-host.ts";

/** A signed message. */
export type Message = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What an endpoint answered; `error` when there was no answer. */
export type SendResult = { readonly status: number | null; readonly error: string | null };

/** Whether an endpoint has accepted a message. */
export const isSuccess = ({ status }: Pick<SendResult, "status">): boolean =>
  status !== null && status >= 200 && status < 300;

/** Sends a message once. It never rejects. */
export type Send = (message: Message, to: SendTo) => Promise<SendResult>;

type SendTo = {
  /** Networks that the owner of the endpoint can reach although they are not public. */
  readonly networks: AllowedNetworks;
  readonly signal: AbortSignal;
};

/** How hosts are found, and which private ones can be reached. */
type Reach = { readonly networks: AllowedNetworks; readonly resolveHost: ResolveHost };

const TIMEOUT_MS = 15_000;
/** More of an answer is not read. */
const MAX_ANSWER_BYTES = 65_536;

/** The address to which a connection would go is not allowed. */
class AddressNotAllowed extends Error {
  override name = "AddressNotAllowed";
}

/**
 * Sends messages by HTTP. The address is checked when the connection is made, so that a name cannot lead elsewhere by then:
 * the connection goes to the address that was checked. Redirects are not followed, and no proxy is used. Without TLS only
 * addresses that are listed are reached.
 */
export const createSend = (resolveHost: ResolveHost, timeoutMs = TIMEOUT_MS): Send => {
  return async ({ url, headers, body }, { networks, signal }) => {
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const status = await beforeAbort(
        post(new URL(url), { headers, body, networks, resolveHost, signal: deadline }),
        deadline,
      );
      return { status, error: null };
    } catch (error) {
      return { status: null, error: messageOf(error) };
    }
  };
};

/** Rejects when the signal is aborted, even if the work never ends: one message must not hold up the others. */
async function beforeAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Whether the addresses of a host are allowed now. @returns undefined when the host is unknown */
export async function areAddressesAllowed(url: string, { networks, resolveHost }: Reach): Promise<boolean | undefined> {
  const { hostname, protocol } = new URL(url);
  const addresses = await resolveHost(hostOf(hostname)).catch(() => undefined);
  return addresses?.every(({ address }) => isReachable(address, protocol, networks));
}

/** Without the brackets of an IPv6 address. */
const hostOf = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1");

const isReachable = (address: string, protocol: string, networks: AllowedNetworks): boolean =>
  protocol === "https:" ? isAllowedAddress(address, networks) : isListed(address, networks);

type Post = Reach & {
  readonly headers: Message["headers"];
  readonly body: string;
  readonly signal: AbortSignal;
};

async function post(url: URL, { headers, body, networks, resolveHost, signal }: Post): Promise<number> {
  const { protocol } = url;
  const host = hostOf(url.hostname);
  // A literal address is never looked up.
  if (isIP(host) !== 0 && !isReachable(host, protocol, networks)) throw new AddressNotAllowed(notAllowed);
  const lookup: LookupFunction = (name, options, done) => {
    const use = (addresses: readonly LookupAddress[]) => {
      const isAllowed = addresses.every(({ address }) => isReachable(address, protocol, networks));
      const [first] = addresses;
      if (!isAllowed || !first) return done(new AddressNotAllowed(notAllowed), "", 0);
      if (options.all) return done(null, [...addresses]);
      done(null, first.address, first.family);
    };
    resolveHost(name).then(use, (error: Error) => done(error, "", 0));
  };
  const length = { "content-length": String(Buffer.byteLength(body)) };
  const options: RequestOptions = { method: "POST", headers: { ...headers, ...length }, lookup, signal, agent: false };
  const request = (protocol === "https:" ? requestHttps : requestHttp)(url, options);
  const status = statusOf(request);
  request.end(body);
  return await status;
}

/** The status of the answer. Rejects when the connection ends without an answer. */
function statusOf(request: ClientRequest): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const end = (status: number) => {
    resolve(status);
    request.destroy();
  };
  const close = () => reject(new Error("the connection was closed"));
  let hasAnswer = false;
  request.on("response", (response) => {
    hasAnswer = true;
    let bytes = 0;
    const status = response.statusCode ?? 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes >= MAX_ANSWER_BYTES) end(status);
    });
    response.on("end", () => end(status));
    response.on("error", reject);
    response.on("close", close);
  });
  // Status 101: there is neither a response nor an error, and the connection stays open without a listener.
  request.on("upgrade", ({ statusCode }, socket) => {
    socket.destroy();
    end(statusCode ?? 0);
  });
  request.on("error", reject);
  // The end of a connection can also be the end of the answer, whose events follow.
  request.on("close", () => hasAnswer || close());
  return promise;
}

const notAllowed = "the address is not allowed";

const MAX_MESSAGE = 200;

/** A short text that shows nothing of this server. */
function messageOf(error: unknown): string {
  if (error instanceof AddressNotAllowed) return error.message;
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (name === "AbortError" || name === "TimeoutError" || code === "ABORT_ERR") return "no answer in time";
  return (typeof code === "string" ? code : "the connection failed").slice(0, MAX_MESSAGE);
}
