import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "@jifen/testkit";
import { findProgram } from "@jifen/testkit/processes";
import { expect, test } from "vitest";
import { read, root } from "./files.ts";

const [nginx, caddy] = [findProgram("nginx"), findProgram("caddy")];

test.skipIf(nginx === undefined)("nginx accepts its configuration, with another certificate and other ports", () => {
  using certificate = makeCertificate("credits.example.com");
  const folder = mkdtempSync(join(tmpdir(), "jifen-nginx-"));
  mkdirSync(join(folder, "logs"));
  const site = read("ops/nginx/jifen.conf")
    .replace("/etc/letsencrypt/live/credits.example.com/fullchain.pem", certificate.certificateFile)
    .replace("/etc/letsencrypt/live/credits.example.com/privkey.pem", certificate.keyFile)
    .replaceAll(/listen (\[::\]:)?(80|443)/g, (_, family = "", port) => `listen ${family || "127.0.0.1:"}${port}`);
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {} http { access_log off; ${site} }`,
  );
  const { status, stderr } = spawnSync(nginx ?? "", ["-t", "-c", file, "-p", folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect({ status, stderr }).toMatchObject({ status: 0 });
});

test.skipIf(caddy === undefined)("Caddy accepts its configuration", () => {
  const output = execFileSync(
    caddy ?? "",
    ["adapt", "--adapter", "caddyfile", "--config", join(root, "ops/caddy/Caddyfile")],
    {
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  expect(JSON.stringify(JSON.parse(output))).toContain('"dial":"127.0.0.1:3001"');
});
