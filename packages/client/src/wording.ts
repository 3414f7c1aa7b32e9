import type { Language, Wording } from "@jifen/contract";
import type { ClientCode } from "./error.ts";

/** What a message names: the server, and the status of its response. */
export type MessageContext = {
  readonly language: Language | undefined;
  /** undefined: the server of the page itself. */
  readonly address?: string | undefined;
  readonly status?: number | undefined;
};

const messages: Readonly<Record<ClientCode, (context: MessageContext) => Wording>> = {
  NETWORK_ERROR: ({ address }) => ({
    zh: `连接不上服务器${address === undefined ? "" : ` ${address}`}，请检查网络后重试`,
    en: `The server${address === undefined ? "" : ` at ${address}`} cannot be reached; check the network and try again`,
  }),
  UNEXPECTED_RESPONSE: ({ address, status }) => {
    // With these a proxy says that it could not reach the server; anything else comes from another server.
    const isTemporary = status === undefined || status >= 500;
    const http = status === undefined ? ["", ""] : [`（HTTP ${status}）`, ` (HTTP ${status})`];
    return {
      zh: `${address === undefined ? "服务器" : `${address} `}的响应${http[0]}不是来自 Jifen，${isTemporary ? "请稍后重试" : "请检查地址"}`,
      en: `The response${address === undefined ? "" : ` of ${address}`}${http[1]} is not from Jifen; ${isTemporary ? "try again later" : "check the address"}`,
    };
  },
  ABORTED: () => ({ zh: "请求已取消", en: "The request was aborted" }),
  NOT_SENT: () => ({ zh: "请求未能发出", en: "The request could not be sent" }),
};

/** The message of a failure without a response of the server. */
export const wordingOf = (code: ClientCode, context: MessageContext): string =>
  messages[code](context)[context.language ?? "zh"];

/**
 * The message of NOT_FOUND: the server, or the handler of a site, knows no such procedure. The server's own message cannot
 * say which address the client was given.
 */
export function unknownProcedure(procedure: string, { language = "zh", address }: MessageContext): string {
  const wording: Wording = {
    zh: `${address ?? "服务器"} 没有 ${procedure}。请检查地址，以及客户端与服务器的版本是否一致；若经过网站的处理器，请检查其选项 allow`,
    en: `${address ?? "The server"} has no ${procedure}. Check the address, whether client and server have the same version, and the option allow of a handler on the way`,
  };
  return wording[language];
}
