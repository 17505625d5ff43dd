import type { Log } from "./log";

const methods: Readonly<Record<string, keyof Log>> = {
  debug: "debug",
  info: "info",
  warning: "warn",
  warn: "warn",
  error: "error",
  critical: "error",
};

/** The log writes these itself. */
const ours = new Set(["level", "time", "msg", "message", "pid", "hostname"]);

/** A line that a sidecar writes, as a line of our own log: its JSON fields as fields, anything else as text. */
export function forwardLog(log: Log, sidecar: string) {
  return (line: string): void => {
    if (line.trim() === "") return;
    const fields = parseObject(line);
    if (fields === undefined) {
      log.info({ sidecar }, line);
      return;
    }
    const text = [fields["msg"], fields["message"], fields["event"]].find((candidate) => typeof candidate === "string");
    const rest = Object.entries(fields).filter(([name]) => !ours.has(name));
    log[methods[String(fields["level"])] ?? "info"]({ ...Object.fromEntries(rest), sidecar }, text ?? "sidecar");
  };
}

export function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
