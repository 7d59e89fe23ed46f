/** `npm run bench`: sets up what is missing, then measures with the same arguments. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { command, ensurePackages, ROOT } from "./setup.mjs";

await command(async () => {
  await ensurePackages();
  const args = ["--import", "tsx", join(ROOT, "test/bench/main.ts"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
});
