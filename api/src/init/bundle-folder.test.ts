import { makeWorkshop } from "./bundle-folder";

it("where no folder can be made is told, with what to do", () => {
  const out = process.platform === "linux" ? "/proc/nothing/bundle" : "/dev/null/nothing/bundle";
  expect(() => makeWorkshop(out)).toThrow(
    /^No folder can be made in \S+nothing: .+\. Take another place with --out\.$/,
  );
});
