import type { Language, Refusal, StreamOperation, Streams } from "@jifen/contract";
import { invariant, type Outcome } from "@jifen/core";
import type { z } from "zod";
import type { Caller } from "../modules/identity/credentials/caller.ts";
import { authorizeCall, inputParser, type ReadInput } from "./call-steps.ts";
import type { Context } from "./context.ts";
import type { HandlerRefusal } from "./handler.ts";

/** What the connection of a stream knows beyond the context of its request. */
export type StreamFacts = {
  readonly header: (name: string) => string | undefined;
  /** Aborted when the client leaves before the end. The stream itself is cancelled as well. */
  readonly signal: AbortSignal;
  /** Aborted when the server is asked to stop: its connections are closed 24 seconds later. */
  readonly stopping: AbortSignal;
};

/** What the handler of a stream receives. */
type StreamRequest<Op extends StreamOperation> = StreamFacts & {
  readonly input: z.output<Op["input"]>;
  readonly caller: Caller;
  readonly requestId: string;
  readonly language: () => Language;
  /** The client's address: an IPv4 address or the first half of an IPv6 one. */
  readonly address: () => Promise<string>;
};

/** The bytes of a stream, read as fast as the client reads. Cancelled when the client leaves. */
type Bytes = ReadableStream<Uint8Array>;

/** A response that is sent while it is made. */
export type StreamResponse<ContentType extends string = string, Refused = Refusal> = {
  readonly contentType: ContentType;
  /** The name under which a browser saves the response; it is shown in the browser if left out. */
  readonly fileName?: string;
  /**
   * Starts the work, and resolves when it is sure to have begun: a refusal is still possible, and after it no more. Never
   * called for HEAD. A stream that fails ends its connection without the end of the response.
   */
  readonly start: () => Promise<Outcome<Bytes, Refused>>;
};

/** Implements a stream. The work begins in `start`, not before. */
export type StreamHandler<Op extends StreamOperation> = (
  request: StreamRequest<Op>,
) => Promise<Outcome<StreamResponse<Op["contentTypes"][number], HandlerRefusal<Op>>, HandlerRefusal<Op>>>;

/** What a stream needs of the context of its request. */
export type StreamContext = Pick<
  Context,
  "caller" | "callerWithNewRole" | "count" | "provisionUser" | "requestId" | "language" | "address"
>;

/** A stream with all of its checks: what a route runs. */
export type RunnableStream = {
  readonly operation: StreamOperation;
  /** Authenticates, counts, authorizes, reads and validates the input, runs the handler. */
  readonly run: (
    ctx: StreamContext,
    request: StreamFacts & { readonly readInput: ReadInput },
  ) => Promise<Outcome<StreamResponse, Refusal>>;
};

/** Exactly one implementation for every stream of the contract. */
export type ImplementedStreams = {
  readonly [Noun in keyof Streams]: { readonly [Verb in keyof Streams[Noun]]: RunnableStream };
};

/** Joins a stream and its handler. Its steps before the handler are those of every other operation. */
export function implementStream<const Op extends StreamOperation>(op: Op, handler: StreamHandler<Op>): RunnableStream {
  const parseInput = inputParser(op);
  return {
    operation: op,
    run: async (ctx, { readInput, ...facts }) => {
      const caller = await authorizeCall(ctx, op.caller);
      if (!caller.ok) return caller;
      invariant(caller.value !== undefined, "every stream has a caller");
      const input = await parseInput(readInput);
      if (!input.ok) return input;
      const present = await ctx.provisionUser(caller.value);
      if (!present.ok) return present;
      const { requestId, language, address } = ctx;
      return handler({ ...facts, input: input.value, caller: caller.value, requestId, language, address });
    },
  };
}
