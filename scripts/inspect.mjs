/** `npm run inspect`: sets up what is missing, then runs the terminal judge with the same arguments. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { command, ensurePackages, ROOT } from "./setup.mjs";

await command(async () => {
  await ensurePackages();
  const args = ["--import", "tsx", join(ROOT, "src/cli/inspect.ts"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
});
