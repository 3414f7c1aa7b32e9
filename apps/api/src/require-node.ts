/** Imported first: an older Node would fail later with an error that does not name the cause. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Jifen needs Node 22.18 or newer; this is ${process.versions.node}. Use node_modules/.bin/node or "npm start". 需要 Node 22.18 或更新版本。\n`,
  );
  process.exit(1);
}
