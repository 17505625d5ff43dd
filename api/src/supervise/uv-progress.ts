/** uv's lines that tell a waiting person something, in their words; the others (a plus for every package, …) only on failure. */
export function uvProgress(onProgress: (text: string) => void, name: string) {
  return (line: string): void => {
    const text = readable(line.trim());
    if (text !== undefined) onProgress(`${name}: ${text}`);
  };
}

function readable(line: string): string | undefined {
  const download = /^Downloading (\S+) \((.+)\)$/.exec(line);
  if (download) return `downloading ${download[1] ?? ""} (${download[2] ?? ""})`;
  const installed = /^Installed (\d+ packages?) in (.+)$/.exec(line);
  if (installed) return `installed ${installed[1] ?? ""}`;
  return line.startsWith("warning:") && !line.includes("hardlink") ? line : undefined;
}
