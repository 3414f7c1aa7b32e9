/** Runs the built server, passes its log on, and says what to do next once it is ready. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

if (existsSync(".env")) process.loadEnvFile();

const server = spawn(process.execPath, ["apps/api/dist/main.js"], { stdio: ["ignore", "pipe", "inherit"] });

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

for await (const line of createInterface({ input: server.stdout })) {
  process.stdout.write(`${line}\n`);
  const url = readyUrl(line);
  if (url) process.stdout.write(guide(url));
}

function readyUrl(line: string): string | undefined {
  if (!line.includes('"msg":"ready"')) return undefined;
  return (JSON.parse(line) as { url: string }).url;
}

/** The first person on the list, or the one that the guide proposes. */
function firstUser(): { email: string; password: string; isThere: boolean } {
  const [email, ...password] = (process.env["USER_WHITELIST"] ?? "").split(",")[0]?.split(":") ?? [];
  if (email && password.length > 0) return { email, password: "…", isThere: true };
  return { email: "me@example.com", password: "choose-a-password", isThere: false };
}

function guide(url: string): string {
  const user = firstUser();
  const make = `
  Make the first user (stop this with Ctrl+C first)  创建第一个用户（先按 Ctrl+C 停止）:
    USER_WHITELIST='${user.email}:${user.password}' npm start
`;
  return `
  Jifen 积分 is ready 已启动: ${url}

  Try it  试一试:
    curl ${url}/health
${user.isThere ? "" : make}
  Log in as that user  登录:
    curl ${url}/auth/login -H 'Content-Type: application/json' -d '{"email":"${user.email}","password":"${user.password}"}'

  API: ${url}/openapi.json    Guide 说明: README.md, README.zh-CN.md

`;
}
