import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { Context as HonoContext } from "hono";
import Negotiator from "negotiator";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import type { ResponseHeaders, Responses } from "./responses.ts";

/** The bytes of a document, and those of its compressed forms that exist. */
export type Encoded = {
  readonly identity: Uint8Array<ArrayBuffer>;
  readonly br?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
};

/** A document that is the same for every visitor. */
export type StaticDocument = {
  /** Creates its text, which is then compressed; or what was compressed before. */
  readonly render: () => string | Encoded | Promise<string>;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Headers of this document alone. */
  readonly headers?: ResponseHeaders;
  /** The request headers that choose this document among its siblings, such as Accept-Language. */
  readonly varies?: string;
  /** false: a page for one visitor, which is not worth the time to compress it. */
  readonly isCompressed?: boolean;
};

type Encoding = keyof Encoded;
/** The server's preference among encodings that the client accepts equally. */
const encodings: readonly Encoding[] = ["br", "gzip", "identity"];

/** A rendered document, and the hash that its entity tags begin with. */
type Rendered = Encoded & { readonly hash: string };

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };

async function toRendered(document: StaticDocument): Promise<Rendered> {
  const source = await document.render();
  const encoded = typeof source === "string" ? await toEncoded(source, document.isCompressed ?? true) : source;
  return { ...encoded, hash: createHash("sha256").update(encoded.identity).digest("base64url").slice(0, 22) };
}

async function toEncoded(text: string, isCompressed: boolean): Promise<Encoded> {
  const identity = new TextEncoder().encode(text);
  if (!isCompressed) return { identity };
  const [br, gzipped] = await Promise.all([compress.br(identity), compress.gzip(identity, { level: 9 })]);
  return { identity, br: new Uint8Array(br), gzip: new Uint8Array(gzipped) };
}

/**
 * Serves a document that is rendered and compressed once, at its first request. It counts for the rate limit of the
 * address, as every call without a credential does.
 */
export function documentHandler(
  { rateLimits, clientAddress }: Pick<Deps, "rateLimits" | "clientAddress">,
  responses: Responses,
): (document: StaticDocument) => (c: HonoContext<Env>) => Promise<Response> {
  return (document) => {
    let rendered: Promise<Rendered> | undefined;
    return async (c) => {
      const counted = await rateLimits.count({ policy: "ip", key: clientAddress(c.env.incoming) });
      if (counted && !counted.isAllowed) {
        const { retryAfterSeconds, headers } = counted;
        return responses.refusal(c, { code: "RATE_LIMITED", retryAfterSeconds }, { ...headers });
      }
      rendered ??= toRendered(document);
      return toResponse(c, { document, rendered: await rendered, shared: responses.headers(c) });
    };
  };
}

type Parts = { readonly document: StaticDocument; readonly rendered: Rendered; readonly shared: ResponseHeaders };

function toResponse(c: HonoContext<Env>, { document, rendered, shared }: Parts): Response {
  const encoding = acceptedEncoding(c.req.header("accept-encoding"), rendered);
  const bytes = rendered[encoding] ?? rendered.identity;
  const etag = encoding === "identity" ? `"${rendered.hash}"` : `"${rendered.hash}-${encoding}"`;
  const headers: ResponseHeaders = {
    ...shared,
    "Cache-Control": document.cacheControl,
    ETag: etag,
    ...document.headers,
    Vary: ["Origin", "Accept-Encoding", ...(document.varies === undefined ? [] : [document.varies])].join(", "),
  };
  if (isUnchanged(c.req.header("if-none-match"), rendered.hash)) return new Response(null, { status: 304, headers });
  headers["Content-Type"] = document.contentType;
  headers["Content-Length"] = String(bytes.length);
  if (encoding !== "identity") headers["Content-Encoding"] = encoding;
  return new Response(bytes, { headers });
}

/** The types of negotiator 1.1 lack this option. */
type PreferringNegotiator = {
  encoding(available: string[], options?: { readonly preferred: readonly string[] }): string | undefined;
};

/**
 * The encoding that the client prefers among those of the document; the uncompressed one when it accepts none of them
 * (RFC 9110, section 12.5.3).
 */
function acceptedEncoding(header: string | undefined, document: Encoded): Encoding {
  if (header === undefined) return "identity";
  const available = encodings.filter((encoding) => document[encoding] !== undefined);
  const negotiator: PreferringNegotiator = new Negotiator({ headers: { "accept-encoding": header } });
  const accepted = negotiator.encoding([...available], { preferred: available });
  return available.find((encoding) => encoding === accepted) ?? "identity";
}

/** Whether If-None-Match names this document, in any encoding (RFC 9110, section 13.1.2). */
const isUnchanged = (header: string | undefined, hash: string): boolean =>
  header?.trim() === "*" || (header ?? "").split(",").some((tag) => tag.includes(`"${hash}`));
