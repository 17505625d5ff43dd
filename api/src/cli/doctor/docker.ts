import { installerVariables } from "../../supervise/child-variables";
import { onPath } from "../../supervise/ask-python";
import { runCommand } from "../../supervise/run-command";
import { machine } from "../tools";
import { type DoctorLine, ok, warn } from "./doctor-line";

const ONLY_FOR = "Only `docker compose up` needs it";

export async function examineDocker(): Promise<DoctorLine[]> {
  const { env } = machine();
  const [docker] = await onPath(["docker"], env);
  if (docker === undefined) return [warn("Docker", "not here", ONLY_FOR)];
  const engine = await ask(docker, ["version", "--format", "{{.Server.Version}}"]);
  const [own] = await onPath(["docker-compose"], env);
  const compose =
    (await ask(docker, ["compose", "version", "--short"])) ?? (own && (await ask(own, ["version", "--short"])));
  return [
    engine === undefined
      ? warn(
          "Docker",
          "here, but its engine does not answer",
          `Start it, or let this user reach its socket. ${ONLY_FOR}`,
        )
      : ok("Docker", engine),
    compose === undefined ? warn("Docker Compose", "not here", ONLY_FOR) : ok("Docker Compose", compose),
  ];
}

async function ask(program: string, args: readonly string[]): Promise<string | undefined> {
  const { env, signal } = machine();
  const { ok: isThere, output } = await runCommand({
    program,
    args,
    env: installerVariables(env),
    timeoutMs: 5_000,
    signal,
  });
  const said = output.trim();
  return isThere && said !== "" ? said : undefined;
}
