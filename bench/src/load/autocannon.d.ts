/** The part of autocannon that the benchmark uses; the package has no types. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  namespace autocannon {
    type Request = {
      readonly method: "GET" | "POST";
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly onResponse?: (status: number, body: string) => void;
    };
    type Client = { setRequests(requests: Request[]): void };
    type Options = {
      readonly url: string;
      readonly connections: number;
      /** Seconds. */
      readonly duration: number;
      readonly setupClient: (client: Client) => void;
    };
    type Result = {
      readonly errors: number;
      readonly requests: { readonly sent: number };
    };
    /** The arguments of a `response` event. */
    type Response = [client: Client, status: number, bytes: number, tookMs: number];
    /** Emits `start` and `response`. */
    type Run = EventEmitter & PromiseLike<Result>;
  }

  function autocannon(options: autocannon.Options): autocannon.Run;
  export = autocannon;
}
