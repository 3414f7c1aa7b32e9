import { afterAll } from "vitest";
import {
  type Api,
  type ApiOptions,
  type Ended,
  endServers,
  runServer,
  shortLivedOptions,
  startServer,
} from "./server.ts";

afterAll(endServers);

/** Starts the built server on a free port, with its own data folder. It is killed after the test file at the latest. */
export const startApi = (options: ApiOptions = {}): Promise<Api> => startServer(shortLived(options));

/** Runs the built server until it ends by itself, as it does with invalid settings. */
export const runApi = (options: ApiOptions = {}): Promise<Ended> => runServer(shortLived(options));

const shortLived = ({ nodeOptions = [], ...options }: ApiOptions): ApiOptions => ({
  ...options,
  nodeOptions: [...shortLivedOptions, ...nodeOptions],
});
