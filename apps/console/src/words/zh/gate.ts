export const words = {
  title: "还没有管理员",
  where: "服务器启动时打印了一个一次性链接，用它创建第一个管理员。请在服务器的日志里查找 setupLink。",
  again: "链接已失效？在服务器上运行下面的命令也可以创建管理员：",
};
