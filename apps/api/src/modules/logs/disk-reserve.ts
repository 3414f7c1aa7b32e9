import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { parseDatabaseUrl } from "@jifen/database";
import type { Logger } from "pino";

/** How long one look at the disk counts, and how many bytes are written on its strength at most. */
const FRESH_MS = 250;
const FRESH_BYTES = 1_024 ** 2;
/** How often an exhausted disk is looked at while no log is written. */
const RECHECK_MS = 5_000;

/** Keeps logs from taking the last space on the disk of an embedded database. */
export type DiskReserve = {
  /** Whether a log of this size leaves the reserve free. */
  hasRoomFor(bytes: number): Promise<boolean>;
  /** Whether logs are refused at present. */
  isReached(): boolean;
  stop(): void;
};

/** Free bytes for this process on the disk of an embedded database; undefined for a server, whose disk cannot be seen. */
export async function freeDiskBytes(databaseUrl: string): Promise<number | undefined> {
  const { kind, location } = parseDatabaseUrl(databaseUrl);
  if (kind !== "sqlite") return undefined;
  const { bavail, bsize } = await statfs(dirname(location));
  return bavail * bsize;
}

/** Logs once when the reserve is reached and once when there is room again. */
export function createDiskReserve(
  { databaseUrl, logDiskReserveBytes }: { readonly databaseUrl: string; readonly logDiskReserveBytes: number },
  log: Logger,
): DiskReserve {
  let free: number | undefined = Number.POSITIVE_INFINITY;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let writtenSince = 0;
  let isReached = false;
  let timer: NodeJS.Timeout | undefined;

  const setReached = (now: boolean) => {
    if (now === isReached) return;
    isReached = now;
    if (now) {
      log.error({ freeBytes: free, logDiskReserveBytes }, "the disk is nearly full: logs are refused, credits go on");
      timer = setInterval(() => void look().catch(() => undefined), RECHECK_MS).unref();
    } else {
      clearInterval(timer);
      log.info({ freeBytes: free }, "the disk has room again: logs are accepted");
    }
  };
  const look = async () => {
    // The disk may have been written by others, and the database writes more than a log has bytes.
    free = await freeDiskBytes(databaseUrl).catch(() => Number.POSITIVE_INFINITY);
    [lookedAtMs, writtenSince] = [performance.now(), 0];
    setReached(free !== undefined && free < logDiskReserveBytes);
  };
  return {
    hasRoomFor: async (bytes) => {
      if (free === undefined) return true;
      writtenSince += bytes;
      if (performance.now() - lookedAtMs > FRESH_MS || writtenSince > FRESH_BYTES) await look();
      return !isReached;
    },
    isReached: () => isReached,
    stop: () => clearInterval(timer),
  };
}
