import type { UnnamedProxy } from "../../../http/rate-limits/unnamed-proxy.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { type Finding, warning } from "../finding.ts";

/** Reports a proxy that TRUST_PROXY does not name, as far as this process has seen one. */
export function checkProxy(seen: UnnamedProxy | undefined): readonly Finding[] {
  if (seen === undefined) return [];
  const at = isoTime(seen.seenAtMs);
  return [
    warning(
      "proxy",
      {
        en: `${seen.address} sent X-Forwarded-For or Forwarded at ${at}, and TRUST_PROXY does not name it: the header was ignored`,
        zh: `${seen.address} 在 ${at} 发来 X-Forwarded-For 或 Forwarded，但 TRUST_PROXY 没有包含它：该头被忽略`,
      },
      {
        en: `if ${seen.address} is your proxy, name it in TRUST_PROXY: until then all clients behind it share one address and its limits; otherwise a client sent the header by itself, and nothing has to be done`,
        zh: `如果 ${seen.address} 是您的代理，请将它写入 TRUST_PROXY：在此之前，它后面的所有客户端算作同一个地址，共用限额；否则是客户端自己发送的头，无需处理`,
      },
    ),
  ];
}
