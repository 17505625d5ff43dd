import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";

/** A bash that stands, so that what one command sets is there for the next. */
export interface Shell {
  /** What it prints on stdout, and on stderr where it fails. */
  readonly run: (command: string) => Promise<string>;
  readonly stop: () => void;
}

export function startShell(cwd: string, env: Readonly<Record<string, string>>): Shell {
  const child = spawn("bash", ["--noprofile", "--norc"], { cwd, env: { ...process.env, ...env } });
  let printed = "";
  let heard = (): void => undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      printed += piece.toString();
      heard();
    });
  const run = async (command: string): Promise<string> => {
    const mark = randomBytes(8).toString("hex");
    printed = "";
    child.stdin.write(`${command}\nprintf '\\n%s\\n' ${mark}\n`);
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`${command} is not done after 60 s; it printed ${printed}`));
      }, 60_000);
      heard = () => {
        if (!printed.includes(`\n${mark}\n`)) return;
        clearTimeout(late);
        resolve();
      };
      heard();
    });
    return printed.slice(0, printed.indexOf(`\n${mark}\n`));
  };
  return { run, stop: () => void child.kill() };
}
