import type { FileInspection, Finding } from "../inspection";
import type { Required } from "./requirements";

/** Where what a folder asks for is another version than the one that wrote the pickle: the pickle is right. */
export function versionFindings(files: readonly FileInspection[], { requirements }: Required): Finding[] {
  const told = new Set<string>();
  return files.flatMap(({ file, versions }) => {
    const written = [
      ["scikit-learn", versions.outermost],
      ["xgboost", versions.xgboost],
    ] as const;
    return written.flatMap(([name, version]): Finding[] => {
      if (version === undefined) return [];
      const asked = requirements.filter((one) => one.name === name && contradicts(one.spec, version));
      return asked.flatMap(({ file: from, spec }) => {
        const key = `${name} ${version} ${from}`;
        if (told.has(key)) return [];
        told.add(key);
        return [
          {
            code: "version-differs" as const,
            file,
            message: `${file} was written by ${name} ${version}, and ${from} asks for ${name}${spec}`,
            remedy: `${version} is taken, for it is the one that is known to give this model's answers`,
          },
        ];
      });
    });
  });
}

/** Every bound is looked at by itself; what cannot be read contradicts nothing. */
function contradicts(spec: string, version: string): boolean {
  return spec.split(",").some((bound) => {
    const [, operator, asked] = /^(===?|!=|<=|>=|<|>|~=|\^|~)?v?(\d[\w.*+]*)$/.exec(bound) ?? [];
    return asked !== undefined && !holds(operator ?? "==", version, asked);
  });
}

function holds(operator: string, version: string, asked: string): boolean {
  const order = compare(version, asked.replace(/\.?\*.*$/, ""));
  switch (operator) {
    case "==":
    case "===":
      return asked.includes("*") ? version.startsWith(asked.replace("*", "")) : order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "~=": // the last part alone may grow
      return order >= 0 && version.startsWith(`${asked.split(".").slice(0, -1).join(".")}.`);
    default:
      return order >= 0 && version.split(".", 1)[0] === asked.split(".", 1)[0];
  }
}

const parts = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10) || 0);

export function compare(one: string, other: string): number {
  const [left, right] = [parts(one), parts(other)];
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
