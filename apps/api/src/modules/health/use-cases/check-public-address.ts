import type { LookupAddress } from "node:dns";
import { request } from "node:https";
import type { LookupFunction } from "node:net";
import type { Wording } from "@jifen/contract";
import { isAllowedAddress } from "../../webhooks/allowed-address.ts";
import { createResolveHost } from "../../webhooks/resolve-host.ts";
import { type Finding, okFinding, warning } from "../finding.ts";

/** For name servers and the answer together. */
const TIMEOUT_MS = 5_000;
/** The answer of `/livez` is shorter. More is not read. */
const MAX_ANSWER_BYTES = 1_024;

const ABOUT = "payments";

/** Why the address cannot be used, and how to correct it. */
type Problem = { readonly message: Wording; readonly remedy: Wording };

type Answer = { readonly status: number; readonly location: string | undefined; readonly text: string };

/**
 * Checks that providers can send notices to PUBLIC_URL: requests its `/livez`, from this machine. It can only warn: another
 * route than that of a provider leads there from here, and the server does not have to run yet.
 */
export async function checkPublicAddress(publicUrl: string | undefined): Promise<Finding> {
  if (!publicUrl?.startsWith("https:")) return toFinding(notHttps);
  const url = new URL(`${publicUrl}/livez`);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const addresses = await resolve(url.hostname.replace(/^\[(.*)\]$/, "$1"));
    if (addresses instanceof Error) return toFinding(unresolved(url.hostname, codeOf(addresses)));
    const answer = await get(url, addresses, signal);
    const problem = problemOf(url, answer) ?? privateAddress(addresses);
    return problem ? toFinding(problem) : okFinding(ABOUT, reached(publicUrl));
  } catch (error) {
    return toFinding(connectionProblem(url, signal.aborted ? "ETIMEDOUT" : codeOf(error)));
  }
}

const toFinding = ({ message, remedy }: Problem): Finding => warning(ABOUT, message, remedy);

const resolve = (host: string): Promise<readonly LookupAddress[] | Error> =>
  createResolveHost({ timeoutMs: TIMEOUT_MS })(host).catch((error: Error) => error);

function codeOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return String(code ?? message);
}

/** Connects to the addresses that were found, follows no redirect, uses no proxy. */
async function get(url: URL, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<Answer> {
  const lookup: LookupFunction = (_host, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, [...addresses]);
    else done(null, first?.address ?? "", first?.family);
  };
  const { promise, resolve: answer, reject } = Promise.withResolvers<Answer>();
  const sent = request(url, { lookup, signal, agent: false }, (response) => {
    const { statusCode: status = 0, headers } = response;
    let text = "";
    const end = () => {
      answer({ status, location: headers.location, text });
      sent.destroy();
    };
    response.setEncoding("utf8");
    response.on("data", (part: string) => {
      text += part;
      if (text.length > MAX_ANSWER_BYTES) end();
    });
    response.on("end", end);
    response.on("error", reject);
  });
  sent.on("error", reject);
  sent.end();
  return await promise;
}

function problemOf(url: URL, { status, location, text }: Answer): Problem | undefined {
  if (location !== undefined) return redirected(url, location);
  if (status === 200 && isAlive(text)) return;
  return otherAnswer(url, status);
}

/** Whether the text is the answer of `/livez`. */
function isAlive(text: string): boolean {
  try {
    return JSON.parse(text)?.status === "ok";
  } catch {
    return false;
  }
}

const reached = (publicUrl: string): Wording => ({
  en: `${publicUrl}/payments/…/notify: /livez answers over https, tried from this machine`,
  zh: `${publicUrl}/payments/…/notify：从本机通过 https 访问 /livez 正常`,
});

const notHttps: Problem = {
  message: {
    en: "providers cannot send notices: PUBLIC_URL is not https",
    zh: "收不到支付通知：PUBLIC_URL 不是 https",
  },
  remedy: { en: "set PUBLIC_URL to the https address of this server", zh: "请把 PUBLIC_URL 设为本服务的 https 地址" },
};

const unresolved = (host: string, code: string): Problem => ({
  message: {
    en: `PUBLIC_URL: from this machine the name ${host} has no address (${code})`,
    zh: `PUBLIC_URL：从本机无法解析 ${host}（${code}）`,
  },
  remedy: {
    en: "correct the name, or add its A or AAAA record at your DNS provider",
    zh: "请检查域名，或在 DNS 服务商处添加 A 或 AAAA 记录",
  },
});

const redirected = (url: URL, location: string): Problem => ({
  message: {
    en: `PUBLIC_URL: ${url.href} redirects to ${shown(location)}; providers do not follow redirects`,
    zh: `PUBLIC_URL：${url.href} 重定向到 ${shown(location)}，支付平台不会跟随重定向`,
  },
  remedy: {
    en: "set PUBLIC_URL to the final address, or let the proxy forward without a redirect or a login",
    zh: "请把 PUBLIC_URL 设为最终地址，或让反向代理直接转发（不要重定向、不要登录）",
  },
});

const otherAnswer = (url: URL, status: number): Problem => ({
  message: {
    en: `PUBLIC_URL: ${url.href} answers ${status}, and not as Jifen does`,
    zh: `PUBLIC_URL：${url.href} 返回 ${status}，不是 Jifen 的响应`,
  },
  remedy: {
    en: "let the proxy forward this address, with its path, to PORT of this server, and check that the server runs",
    zh: "请让反向代理把该地址（包括路径）转发到本服务的 PORT，并确认服务正在运行",
  },
});

function privateAddress(addresses: readonly LookupAddress[]): Problem | undefined {
  const inner = addresses.find(({ address }) => !isAllowedAddress(address, []));
  if (inner === undefined) return;
  return {
    message: {
      en: `PUBLIC_URL works from this machine, but leads to ${inner.address}, which the Internet cannot reach`,
      zh: `PUBLIC_URL 从本机可访问，但解析到 ${inner.address}，公网无法访问`,
    },
    remedy: {
      en: "point the name to a public address; if only your own name servers answer so, try it from outside",
      zh: "请把域名解析到公网地址；如果只有内网 DNS 这样解析，请从外网再试",
    },
  };
}

/** Codes of TLS for a certificate that is not accepted, of Node and of OpenSSL. */
const certificateCode = /CERT|ISSUER|SIGNATURE|ALTNAME/;
/** Codes of TLS for a peer that speaks something else. */
const protocolCode = /^(EPROTO|ERR_SSL_)/;

function connectionProblem({ hostname, port }: URL, code: string): Problem {
  const address = `${hostname}:${port || "443"}`;
  if (certificateCode.test(code)) {
    return {
      message: {
        en: `PUBLIC_URL: the certificate of ${address} is not valid for this machine (${code})`,
        zh: `PUBLIC_URL：${address} 的证书无效（${code}）`,
      },
      remedy: {
        en: "install a certificate for this name from a public authority, with its intermediate certificates",
        zh: "请安装公共 CA 为该域名签发的证书，并包含中间证书",
      },
    };
  }
  if (protocolCode.test(code)) {
    return {
      message: {
        en: `PUBLIC_URL: ${address} does not speak https (${code})`,
        zh: `PUBLIC_URL：${address} 不是 https 服务（${code}）`,
      },
      remedy: {
        en: "put a proxy with a certificate in front of the server, and name its port in PUBLIC_URL",
        zh: "请在服务前部署带证书的反向代理，并在 PUBLIC_URL 中使用其端口",
      },
    };
  }
  const isSilent = code === "ETIMEDOUT";
  const seconds = TIMEOUT_MS / 1_000;
  return {
    message: isSilent
      ? {
          en: `PUBLIC_URL: ${address} does not answer this machine within ${seconds} seconds`,
          zh: `PUBLIC_URL：从本机访问 ${address}，${seconds} 秒内没有响应`,
        }
      : {
          en: `PUBLIC_URL: this machine cannot connect to ${address} (${code})`,
          zh: `PUBLIC_URL：从本机无法连接 ${address}（${code}）`,
        },
    remedy: {
      en: "check that server and proxy run, and the firewall; some routers do not lead back from inside: try it from outside",
      zh: "请检查服务、反向代理和防火墙；部分路由器不支持从内网回访公网地址，请从外网再试",
    },
  };
}

/** What another server wrote, short and without control characters. */
const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
