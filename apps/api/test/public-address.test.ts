import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, makeCertificate, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startJifen } from "./jifen-command.ts";

describe("jifen doctor and the address to which providers send notices", () => {
  const certificate = makeCertificate("127.0.0.1");
  const folder = mkdtempSync(join(tmpdir(), "jifen-public-address-"));
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api.stop();
    certificate[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  /** What the doctor finds about payments, in a process that accepts the certificate unless told otherwise. */
  const examine = async (publicUrl: string, { isTrusted = true } = {}) => {
    const channel = { EPAY_URL: "http://127.0.0.1:1/", EPAY_PID: "1001", EPAY_KEY: "a-key-that-no-gateway-knows" };
    const trust: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: certificate.certificateFile } : {};
    const env = { DATA_DIR: folder, LANG: "C", PUBLIC_URL: publicUrl, ...channel, ...trust };
    const { findings } = JSON.parse((await startJifen(env, "doctor", "--json").ended).stdout);
    return findings.filter(({ about }: { about: string }) => about === "payments");
  };

  const listen = async (server: Server): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  };
  const serveTls = (listener: RequestListener) => {
    const files = { cert: readFileSync(certificate.certificateFile), key: readFileSync(certificate.keyFile) };
    return listen(createHttpsServer(files, listener));
  };
  const forward: RequestListener = async ({ url }, response) => {
    const answer = await fetch(`${api.url}${url}`);
    response.writeHead(answer.status).end(await answer.text());
  };

  test("jifen doctor reaches a server behind a proxy with a certificate, and warns that its address is private", async () => {
    const port = await serveTls(forward);
    expect(await examine(`https://127.0.0.1:${port}`)).toMatchObject([
      { state: "warning", message: expect.stringMatching(/works from this machine, but leads to 127\.0\.0\.1/) },
    ]);
  });

  test("jifen doctor does not try an address without https, because providers require it", async () => {
    expect(await examine(api.url)).toMatchObject([
      { state: "warning", message: expect.stringContaining("PUBLIC_URL is not https"), remedy: expect.any(String) },
    ]);
  });

  test("jifen doctor reports a port that does not speak https", async () => {
    const port = await listen(createHttpServer(forward));
    expect(await examine(`https://127.0.0.1:${port}`)).toMatchObject([
      { state: "warning", message: expect.stringContaining(`127.0.0.1:${port} does not speak https`) },
    ]);
  });

  test("jifen doctor reports a certificate that this machine does not accept", async () => {
    const port = await serveTls(forward);
    expect(await examine(`https://127.0.0.1:${port}`, { isTrusted: false })).toMatchObject([
      {
        state: "warning",
        message: expect.stringMatching(
          /certificate of \S+ is not valid for this machine \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
        ),
        remedy: expect.stringContaining("public authority"),
      },
    ]);
  });

  test("jifen doctor reports a certificate of another name", async () => {
    const port = await serveTls(forward);
    expect(await examine(`https://localhost:${port}`)).toMatchObject([
      { state: "warning", message: expect.stringContaining("(ERR_TLS_CERT_ALTNAME_INVALID)") },
    ]);
  });

  test.each<{ title: string; listener: RequestListener; says: RegExp }>([
    {
      title: "the page of another server",
      listener: (_, response) => response.end("<html>ok</html>"),
      says: /\/credits\/livez answers 200, and not as Jifen does/,
    },
    {
      title: "a proxy whose server does not run",
      listener: (_, response) => response.writeHead(502).end(),
      says: /answers 502, and not as Jifen does/,
    },
    {
      title: "a redirect to a login page",
      listener: (_, response) => response.writeHead(302, { location: "https://sso.example.com/" }).end(),
      says: /redirects to https:\/\/sso\.example\.com\/; providers do not follow redirects/,
    },
    {
      title: "an answer without an end",
      listener: (_, response) => {
        response.write("x");
        const timer = setInterval(() => response.write("x".repeat(1_000)), 10);
        response.on("close", () => clearInterval(timer));
      },
      says: /answers 200, and not as Jifen does/,
    },
  ])("jifen doctor reports $title instead of this server", async ({ listener, says }) => {
    const port = await serveTls(listener);
    expect(await examine(`https://127.0.0.1:${port}/credits`)).toMatchObject([
      { state: "warning", message: expect.stringMatching(says) },
    ]);
  });

  test("jifen doctor reports a server that accepts the connection and never answers, after five seconds", async () => {
    const port = await serveTls(() => undefined);
    const startedAtMs = performance.now();
    expect(await examine(`https://127.0.0.1:${port}`)).toMatchObject([
      { state: "warning", message: expect.stringContaining("does not answer this machine within 5 seconds") },
    ]);
    expect(performance.now() - startedAtMs).toBeLessThan(20_000);
  });

  test("jifen doctor reports a port on which no server listens", async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await examine(`https://127.0.0.1:${port}`)).toMatchObject([
      { state: "warning", message: expect.stringContaining("cannot connect to 127.0.0.1") },
    ]);
  });

  test("jifen doctor reports a name that has no address", async () => {
    expect(await examine("https://credits.jifen.invalid")).toMatchObject([
      { state: "warning", message: expect.stringContaining("the name credits.jifen.invalid has no address (") },
    ]);
  });
});
