import { installerVariables, sidecarVariables } from "./child-variables";

describe("variables", () => {
  it("of another Python reach no installer; those about indexes, proxies and certificates do", () => {
    const kept = { PATH: "/bin", UV_INDEX_OURS_PASSWORD: "p", PIP_CERT: "c", HTTPS_PROXY: "h", SSL_CERT_FILE: "s" };
    const left = {
      PYTHONPATH: "x",
      CONDA_PREFIX: "x",
      UV_PROJECT: "x",
      UV_EXCLUDE_NEWER: "x",
      PIP_PREFIX: "x",
      NONE: undefined,
    };
    expect(installerVariables({ ...kept, ...left })).toEqual({
      ...kept,
      UV_PYTHON_DOWNLOADS: "manual",
      PIP_USER: "0",
      PIP_ROOT_USER_ACTION: "ignore",
    });
  });

  it("that forbid uv to fetch a Python are obeyed", () => {
    expect(installerVariables({ UV_PYTHON_DOWNLOADS: "never" })["UV_PYTHON_DOWNLOADS"]).toBe("never");
  });

  it("of a sidecar are few: no secret of the caller's, and one thread", () => {
    const variables = sidecarVariables({
      PATH: "/bin",
      HOME: "/h",
      PYTHONPATH: "x",
      API_KEY: "x",
      OMP_NUM_THREADS: "8",
    });
    expect(Object.keys(variables).sort()).toEqual([
      "HOME",
      "LANG",
      "MKL_NUM_THREADS",
      "NUMEXPR_NUM_THREADS",
      "OMP_NUM_THREADS",
      "OPENBLAS_NUM_THREADS",
      "PATH",
      "PYTHONNOUSERSITE",
      "PYTHONUNBUFFERED",
      "VECLIB_MAXIMUM_THREADS",
    ]);
    expect(variables["OMP_NUM_THREADS"]).toBe("1");
  });
});
