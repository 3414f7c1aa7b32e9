import type { Wording } from "@jifen/contract";
import { causesOf, codesOf } from "./reason.ts";
import type { Stage } from "./stage.ts";

/** How to correct an error. It is found by a code of the error, or by words of its message. */
type Remedy = Wording & { readonly codes?: readonly string[]; readonly words?: RegExp; readonly in?: Stage };

const remedies: readonly Remedy[] = [
  {
    in: "listening",
    codes: ["EADDRINUSE"],
    en: "The port is taken: set PORT to another port, or stop the process that listens on it.",
    zh: "端口已被占用，请设置其他 PORT，或停止占用它的进程。",
  },
  {
    in: "listening",
    codes: ["EACCES", "EPERM"],
    en: "This user may not listen on that port: set PORT to 1024 or higher, and let a proxy listen on 80 and 443.",
    zh: "当前用户无权监听该端口，请将 PORT 设为 1024 以上，由反向代理监听 80 和 443。",
  },
  {
    in: "listening",
    codes: ["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN", "EAFNOSUPPORT", "EINVAL"],
    en: "HOST is no address of this machine: set it to one, such as 127.0.0.1, or leave it out.",
    zh: "HOST 不是本机地址，请改为本机地址（例如 127.0.0.1）或留空。",
  },
  {
    codes: ["ENOSPC", "EDQUOT", "SQLITE_FULL", "53100", "1021", "1114", "OutOfDiskSpace"],
    en: "The disk is full: free some space, then start again.",
    zh: "磁盘已满，请清理空间后重新启动。",
  },
  {
    codes: ["EROFS", "SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_DBMOVED"],
    en: "The file or its folder is read-only: mount it writable and give the user of the server write permission, or set DATA_DIR or DATABASE_URL to another place.",
    zh: "文件或目录只读，请以可写方式挂载并授予写权限，或更改 DATA_DIR 或 DATABASE_URL。",
  },
  {
    codes: ["ENOTDIR", "EEXIST", "SQLITE_CANTOPEN_ISDIR", "EISDIR"],
    en: "DATA_DIR must be a folder and DATABASE_URL must name a file: something else is at that path.",
    zh: "DATA_DIR 必须是目录，DATABASE_URL 必须指向文件，而该路径上是其他内容。",
  },
  {
    codes: ["EACCES", "EPERM", "ENOENT", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"],
    en: "Create the folder and give the user of the server write permission on it, or set DATA_DIR or DATABASE_URL to another place.",
    zh: "请创建该目录并授予运行用户写权限，或更改 DATA_DIR 或 DATABASE_URL。",
  },
  {
    codes: ["SQLITE_NOTADB", "SQLITE_CORRUPT"],
    en: "The file is no intact SQLite database: check DATABASE_URL, or restore the file from a backup.",
    zh: "该文件不是完好的 SQLite 数据库，请检查 DATABASE_URL 或从备份恢复。",
  },
  {
    codes: ["SQLITE_BUSY", "SQLITE_LOCKED"],
    en: "Another program keeps the file locked: stop it, then start again.",
    zh: "其他程序锁定了该文件，请先停止它。",
  },
  {
    codes: ["28P01", "28000", "1045", "1698", "AuthenticationFailed"],
    words: /password must be a string|Authentication failed|SCRAM/,
    en: "The server refused the user or the password: check both in DATABASE_URL (special characters are percent-encoded), and that the user may connect from this machine.",
    zh: "服务器拒绝了用户名或密码，请检查 DATABASE_URL（特殊字符须百分号编码）以及该用户能否从本机连接。",
  },
  {
    codes: ["3D000", "1049", "1044"],
    words: /no such database|database ".*" does not exist/,
    en: "The database does not exist, or this user may not use it: create it, or correct the name at the end of DATABASE_URL.",
    zh: "数据库不存在或无权使用，请先创建，或改正 DATABASE_URL 末尾的库名。",
  },
  {
    codes: ["53300", "1040", "1203", "1226"],
    words: /no more connections allowed|too many connections|MaxClients/i,
    en: "The server has no connection left: raise its limit, or run fewer servers; jifen doctor says how many connections one needs.",
    zh: "数据库连接数已满，请提高上限或减少服务器数量；jifen doctor 会说明每台服务器需要的连接数。",
  },
  {
    words: /does not support SSL|ssl not enabled in the server|without TLS|there was an error establishing an SSL/i,
    en: "DATABASE_URL asks for TLS and the server has none: turn on TLS at the server, or remove the TLS parameters if the network is private.",
    zh: "DATABASE_URL 要求 TLS，但服务器未启用，请在服务器上启用 TLS；仅在专用网络中可去掉 TLS 参数。",
  },
  {
    codes: [
      ...["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
      ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_UNTRUSTED", "CERT_HAS_EXPIRED"],
      ...["ERR_TLS_CERT_ALTNAME_INVALID", "ERR_SSL_WRONG_VERSION_NUMBER", "CERT_SIGNATURE_FAILURE"],
    ],
    words: /self-signed certificate|unable to verify the first certificate|altnames|SSL routines/i,
    en: "The certificate of the server was not accepted: name the file of its authority in DATABASE_URL (sslrootcert, on MySQL ssl-ca, on MongoDB tlsCAFile) and connect by the name in the certificate.",
    zh: "服务器证书未通过校验，请在 DATABASE_URL 中指定其 CA 文件（sslrootcert；MySQL 用 ssl-ca；MongoDB 用 tlsCAFile），并用证书中的主机名连接。",
  },
  {
    words: /connection is insecure|no encryption|SSL connection is required|require_secure_transport|SSL required/i,
    en: "The server accepts only TLS: add ?sslmode=require to DATABASE_URL (on MySQL ssl-mode=REQUIRED, on MongoDB tls=true).",
    zh: "服务器只接受 TLS，请在 DATABASE_URL 中加 ?sslmode=require（MySQL 用 ssl-mode=REQUIRED，MongoDB 用 tls=true）。",
  },
  {
    codes: ["42501", "1142", "1143", "1227", "Unauthorized"],
    en: "The user of DATABASE_URL lacks this right: grant it, or run jifen migrate once with a user that has it.",
    zh: "DATABASE_URL 的用户缺少此权限，请授权，或用有权限的用户运行一次 jifen migrate。",
  },
  {
    codes: ["25006", "1290", "1792", "1836"],
    en: "The database only reads: connect to the primary, or end the read-only mode.",
    zh: "数据库处于只读状态，请连接主库或关闭只读模式。",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN"],
    en: "The host of DATABASE_URL is unknown: check its name and the DNS.",
    zh: "DATABASE_URL 的主机名无法解析，请检查主机名和 DNS。",
  },
];

/** How to correct an error of this stage; undefined when that is not known. */
export function remedyOf(error: unknown, stage: Stage): Wording | undefined {
  const codes = codesOf(error);
  const messages = [...causesOf(error)].map(({ message }) => String(message ?? ""));
  return remedies.find(
    (remedy) =>
      (remedy.in === undefined ? stage !== "listening" : remedy.in === stage) &&
      (remedy.codes?.some((code) => codes.has(code)) ||
        (remedy.words !== undefined && messages.some((message) => remedy.words?.test(message)))),
  );
}
