/** What the server logs when it is ready. */
export type Ready = {
  readonly url: string;
  /** The kind of database, such as `sqlite`. */
  readonly database: string;
  /** Where the data lies: a file, or a server and its database. */
  readonly data: string;
  /** Missing: the server serves no console. */
  readonly consoleUrl?: string;
  /** Missing: there is an admin. */
  readonly setupLink?: string;
};

/** What a person reads below the log: where everything is, and how to begin. */
export function banner({ url, database, data, consoleUrl, setupLink }: Ready): string {
  const places = [
    ...(consoleUrl === undefined ? [] : [`Console 控制台: ${consoleUrl}`]),
    `API: ${url}/docs`,
    `Data 数据: ${data} (${database})`,
  ];
  const createFirstAdmin =
    setupLink === undefined
      ? ""
      : `
  Create the first admin with this link; it works once, within an hour.
  请用此链接创建首位管理员，一小时内有效，仅可使用一次：

    ${setupLink}
`;
  return `
  Jifen 积分 is ready 已启动
${places.map((place) => `  ${place}\n`).join("")}${createFirstAdmin}
`;
}
