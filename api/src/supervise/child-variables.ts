import type { Variables } from "./log";

/**
 * Of uv's and pip's own variables only those that say how to reach a registry. Any other (UV_PYTHON, UV_TARGET,
 * UV_EXCLUDE_NEWER, PIP_USER, PIP_TARGET, …) would make an environment that is not the lock's.
 */
const aboutRegistries = new RegExp(
  "^(UV_(INDEX.*|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|OFFLINE|CACHE_DIR|NATIVE_TLS|SYSTEM_CERTS" +
    "|INSECURE_HOST|HTTP_.*|REQUEST_.*|CONCURRENT_.*|KEYRING_PROVIDER|CONFIG_FILE|LINK_MODE|PYTHON_INSTALL_MIRROR" +
    "|PYTHON_DOWNLOADS_JSON_URL|NETRC)" +
    "|PIP_(INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|TIMEOUT|DEFAULT_TIMEOUT" +
    "|RETRIES|CONFIG_FILE|CACHE_DIR|KEYRING_PROVIDER))$",
);
const aboutSomeOtherPython =
  /^(PYTHON|UV_|PIP_|VIRTUAL_ENV|CONDA_|PYENV_VERSION|PYENV_VIRTUAL_ENV|__PYVENV_LAUNCHER__)/;

/** For uv, pip and an interpreter that is asked for its version: the caller's variables without any other Python's. */
export function installerVariables(env: Variables): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (aboutRegistries.test(entry[0]) || !aboutSomeOtherPython.test(entry[0])),
  );
  // A Python comes from uv when it is asked for, never on the way.
  const downloads = env["UV_PYTHON_DOWNLOADS"] === "never" ? "never" : "manual";
  return { ...Object.fromEntries(kept), UV_PYTHON_DOWNLOADS: downloads, PIP_USER: "0", PIP_ROOT_USER_ACTION: "ignore" };
}

/** For a sidecar: what every process needs, and one thread, for bits depend on how a sum is shared among threads. */
export function sidecarVariables(env: Variables): Record<string, string> {
  const { PATH, HOME, TMPDIR, TZ, OPENBLAS_CORETYPE } = env;
  const kept = Object.entries({ PATH, HOME, TMPDIR, TZ, OPENBLAS_CORETYPE }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(kept),
    LANG: "C.UTF-8",
    OPENBLAS_NUM_THREADS: "1",
    OMP_NUM_THREADS: "1",
    MKL_NUM_THREADS: "1",
    NUMEXPR_NUM_THREADS: "1",
    VECLIB_MAXIMUM_THREADS: "1",
    PYTHONUNBUFFERED: "1", // its lines are read as they come
    PYTHONNOUSERSITE: "1",
  };
}
