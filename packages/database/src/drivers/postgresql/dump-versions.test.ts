import { describe, expect, test } from "vitest";
import { reasonNotToDump, reasonNotToRestore } from "./dump-versions.ts";

const program = (name: string, major: number) => ({ name: `${name} ${major}.2`, major });

describe("the version of pg_dump", () => {
  test.each([
    { major: 15, server: "15.4 (Debian 15.4-1)", reason: undefined, says: "the version of the server is used" },
    { major: 16, server: "15.4", reason: undefined, says: "16 is used for a server of version 15" },
    { major: 18, server: "17.1", reason: undefined, says: "18 is used for a server of version 17" },
    {
      major: 15,
      server: "16.1",
      reason: /older than the server/,
      says: "one that is older than the server is not used",
    },
    { major: 17, server: "16.1", reason: /cannot be restored/, says: "17 is not used for a server of version 16" },
  ])("pg_dump: $says", ({ major, server, reason }) => {
    const found = reasonNotToDump(program("pg_dump", major), server)?.en;
    expect(found).toEqual(reason && expect.stringMatching(reason));
  });
});

describe("the version of pg_restore", () => {
  test.each([
    { major: 15, archive: 15, server: 15, reason: undefined, says: "the version of archive and server is used" },
    { major: 16, archive: 14, server: 15, reason: undefined, says: "16 is used for an older archive and server" },
    { major: 18, archive: 15, server: 17, reason: undefined, says: "18 is used for an older archive and server 17" },
    { major: 15, archive: 16, server: 15, reason: /install .* 16\.$/, says: "one older than the archive is refused" },
    {
      major: 17,
      archive: 15,
      server: 15,
      reason: /install .* 15\.$/,
      says: "17 is refused for a server of version 15",
    },
    { major: 17, archive: 17, server: 16, reason: /into PostgreSQL 17/, says: "an archive of 17 needs a server of 17" },
    { major: undefined, archive: 15, server: 16, reason: /not installed.* 16\.$/, says: "a missing one is named" },
  ])("pg_restore: $says", ({ major, archive, server, reason }) => {
    const found = reasonNotToRestore(major === undefined ? major : program("pg_restore", major), { archive, server });
    expect(found?.en).toEqual(reason && expect.stringMatching(reason));
  });
});
