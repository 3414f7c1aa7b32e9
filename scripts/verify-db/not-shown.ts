import { isGaleraNode } from "../../packages/database/src/drivers/mysql/galera.ts";
import { onMysql } from "../../packages/testkit/src/processes.ts";
import type { Arguments } from "./arguments.ts";
import { citusRoleOf } from "./cluster.ts";

/** What the tests cannot show on a cluster when they use one node, and tables that are not distributed. */
const notShown = {
  distribution:
    "NOT SHOWN: this server has Citus. The databases of the tests are not distributed, because the database of this URL knows no other node: SELECT citus_add_node('HOST', PORT). 未证明：测试所用的数据库未做分布，因为此地址的数据库没有其他节点",
  severalShards:
    "NOT SHOWN: the lines with –, and several shards, because the databases of the tests have one: torture/test/citus.slow.test.ts, with TEST_CITUS_URL. 未证明：标 – 的各项，以及多个分片（测试数据库仅有一个）；多分片请设置 TEST_CITUS_URL 运行该测试",
  otherCoordinator:
    "NOT SHOWN: this server has Citus. Both processes of the tests used this address: give another one with --second-url. 未证明：两个进程都使用了此地址，请用 --second-url 指定另一地址",
  otherNode:
    "NOT SHOWN: this server is a node of a Galera cluster. Both processes of the tests used this node: give the URL of another one with --second-url. 未证明：两个进程都使用了此节点，请用 --second-url 指定另一节点",
} as const;

/** The sentences to print below the result; none for a single server. */
export async function findNotShown({ kind, url, secondUrl }: Arguments): Promise<readonly string[]> {
  switch (kind) {
    case "postgresql": {
      const role = await citusRoleOf(url);
      if (role === "none") return [];
      return [
        role === "alone" ? notShown.distribution : notShown.severalShards,
        ...(secondUrl === undefined ? [notShown.otherCoordinator] : []),
      ];
    }
    case "mysql": {
      const node = await onMysql(url, nodeOf);
      if (node === undefined) return [];
      const isOther = secondUrl !== undefined && (await onMysql(secondUrl, nodeOf)) !== node;
      return isOther ? [] : [notShown.otherNode];
    }
    case "sqlite":
    case "mongodb":
      return [];
    default:
      return kind satisfies never;
  }
}

/** The id of a Galera node in its cluster; undefined for a single server. */
async function nodeOf(connection: Parameters<typeof isGaleraNode>[0]): Promise<string | undefined> {
  if (!(await isGaleraNode(connection))) return undefined;
  type Row = { readonly Value: string };
  const [row] = await connection.query<Row[]>("SHOW GLOBAL STATUS LIKE 'wsrep_gcomm_uuid'");
  return row?.Value;
}
