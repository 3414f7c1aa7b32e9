import type { Language, Wording } from "@jifen/contract";
import type { ClientCode } from "./error.ts";

const messages: Readonly<Record<ClientCode, Wording>> = {
  NETWORK_ERROR: {
    zh: "连接不上服务器，请检查网络后重试",
    en: "The server cannot be reached; check the network and try again",
  },
  UNEXPECTED_RESPONSE: {
    zh: "无法识别服务器的响应，请稍后重试",
    en: "The response is not from Jifen; try again later",
  },
  ABORTED: { zh: "请求已取消", en: "The request was aborted" },
  NOT_SENT: { zh: "请求未能发出", en: "The request could not be sent" },
};

/** The message of a failure without a response of the server. */
export const wordingOf = (code: ClientCode, language: Language | undefined): string => messages[code][language ?? "zh"];
