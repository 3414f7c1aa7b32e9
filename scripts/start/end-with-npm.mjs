/**
 * npm runs a script in a shell and forwards SIGTERM to that shell alone, which ends without passing it on: the server would
 * go on running, without a parent. Run by npm, this process therefore ends as soon as its parent is another one; run in any
 * other way, it may outlive the shell that started it.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event !== "start") return;
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  check.unref();
}
