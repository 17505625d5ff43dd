import { uvProgress } from "./uv-progress";

it("keeps of uv's lines those that a waiting person wants", () => {
  const lines: string[] = [];
  const text = [
    "Using Python 3.9.18 environment at: /x",
    "Resolved 13 packages in 107ms",
    "Downloading scipy (32.9MiB)",
    " Downloaded scipy",
    "Prepared 13 packages in 1.01s",
    "warning: Failed to hardlink files; falling back to full copy.",
    "warning: the index is slow",
    "Installed 13 packages in 81ms",
    " + numpy==1.21.4",
  ];
  text.forEach(uvProgress((line) => lines.push(line), "glm-fit"));
  expect(lines).toEqual([
    "glm-fit: downloading scipy (32.9MiB)",
    "glm-fit: warning: the index is slow",
    "glm-fit: installed 13 packages",
  ]);
});
