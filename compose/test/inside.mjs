// What somebody could do who is inside of a sidecar's container, and what its serving process itself can do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "./check.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const profile = `${root}compose/seccomp-sidecar.json`;

export async function checkInside(project, bundle) {
  const service = `${bundle}-sidecar`;
  const { Id: id } = await project.container(service);
  const inside = async (script) => JSON.parse(await project.docker("exec", id, "python", "-ISc", trying + script));
  await check(`${service}: no way out of it, not even to the API beside it`, async () => {
    const found = await inside(network);
    assert.deepEqual(found, Object.fromEntries(Object.keys(found).map((name) => [name, "EPERM"])));
    return Object.keys(found).join(", ");
  });
  await check(
    `${service}: it can write nowhere but to its state and a /tmp from which nothing can be run`,
    async () => {
      const { "run /tmp/program": run, ...found } = await inside(writing);
      const refused = ["EACCES", "EROFS", "EPERM"];
      assert.deepEqual(
        Object.entries(found).filter(([, what]) => !refused.includes(what)),
        [],
      );
      assert.equal(run, "EACCES");
      return Object.entries(found).map((entry) => entry.join(" "));
    },
  );
  await check(`${service}: no mount, namespace, trace, kernel keys or io_uring`, async () => {
    const found = await inside(kernel);
    assert.deepEqual(found, Object.fromEntries(Object.keys(found).map((name) => [name, "EPERM"])));
    return Object.keys(found).join(", ");
  });
  await check(`${service}: its profile is the one of this project`, async () => {
    const { HostConfig: host } = await project.container(service);
    const given = host.SecurityOpt.find((option) => option.startsWith("seccomp="));
    assert.deepEqual(JSON.parse(given.slice("seccomp=".length)), JSON.parse(readFileSync(profile, "utf8")));
    return "compose/seccomp-sidecar.json";
  });
  await check(`${service}: the process that serves has a filter of its own besides the container's`, async () => {
    const status = await project.docker("exec", id, "cat", "/proc/1/status");
    const { Seccomp: mode, Seccomp_filters: filters } = Object.fromEntries(
      status.split("\n").map((line) => line.split(/:\s+/)),
    );
    assert.equal(mode, "2");
    assert.ok(Number(filters) >= 2, `${filters} filters`);
    return `${filters} filters`;
  });
  await checkCodeInside(project, service);
}

/** The options of docker run that make a container as compose made this one. */
function optionsOf({ HostConfig: host, Image }) {
  const secured = host.SecurityOpt.map((option) => (option.startsWith("seccomp") ? `seccomp=${profile}` : option));
  return [
    ...["--rm", "--network", host.NetworkMode, ...(host.ReadonlyRootfs ? ["--read-only"] : [])],
    ...host.CapDrop.flatMap((name) => ["--cap-drop", name]),
    ...Object.entries(host.Tmpfs).flatMap(([place, options]) => ["--tmpfs", `${place}:${options}`]),
    ...secured.flatMap((option) => ["--security-opt", option]),
    ...["--volume", `${root}sidecar/tests:/tests:ro`, Image],
  ];
}

/** A bundle whose own code tries everything as the sidecar loads it, served as compose has the service. */
async function checkCodeInside(project, service) {
  const folder = await mkdtemp(join(tmpdir(), "picklepod-prying-"));
  await chmod(folder, 0o777);
  const options = optionsOf(await project.container(service));
  const run = (script) => project.docker("run", "--volume", `${folder}:/made`, ...options, "sh", "-c", script);
  await check(`${service}: a bundle's own code runs no program, makes no process and opens no socket`, async () => {
    const serve = "python -m picklepod_sidecar --bundle /made/bundle --port 9102 --exit-with-stdin";
    const said = await run(`python /tests/prying.py /made/bundle 9101 && sleep 25 | ${serve} 2>&1`);
    const events = said.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    const { all } = events.find(({ event }) => event === "tried");
    const { "change a file of Python's": change, "open by what no filter sees": unseen, ...others } = all;
    for (const needed of ["start a thread", "signal oneself", "pair sockets of streams"]) {
      assert.equal(others[needed], "done", needed);
      delete others[needed];
    }
    assert.match(unseen, /^(ENOSYS|EPERM)$/);
    assert.match(change, /^(EACCES|EROFS)$/);
    assert.deepEqual(others, Object.fromEntries(Object.keys(others).map((name) => [name, "EPERM"])));
    assert.ok(
      events.some(({ event, proof }) => event === "proof" && proof),
      "the bundle is not served",
    );
    return Object.keys(others).join(", ");
  });
  // What is in it belongs to the container's user.
  await run("rm -rf /made/bundle").catch(() => undefined);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

const trying = `
import ctypes, errno, json, os, shutil, socket, subprocess
libc = ctypes.CDLL(None, use_errno=True)
found = {}
def attempt(name, what):
    try:
        what()
        found[name] = "done"
    except OSError as error:
        found[name] = errno.errorcode.get(error.errno, repr(error))
def call(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), "")
`;
const told = `
print(json.dumps(found))`;

const network = `
def reach(kind, address, family=socket.AF_INET):
    with socket.socket(family, kind) as opened:
        opened.settimeout(3)
        opened.connect(address)
def fast_open():
    with socket.socket() as opened:
        opened.settimeout(3)
        opened.sendto(b"x", 0x20000000, ("127.0.0.1", 8080))
attempt("the API", lambda: reach(socket.SOCK_STREAM, ("127.0.0.1", 8080)))
attempt("the internet", lambda: reach(socket.SOCK_STREAM, ("192.0.2.1", 80)))
attempt("TCP fast open", fast_open)
attempt("UDP", lambda: reach(socket.SOCK_DGRAM, ("192.0.2.1", 53)))
attempt("a Unix socket", lambda: reach(socket.SOCK_STREAM, "/tmp/x", socket.AF_UNIX))
attempt("IPv6", lambda: reach(socket.SOCK_STREAM, ("::1", 8080), socket.AF_INET6))
attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close())
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close())
${told}`;

const writing = `
for place in ("/", "/app", "/app/models", "/etc", "/opt/environment", "/usr/local/bin", "/home", "/var/tmp"):
    attempt(place, lambda: open(place + "/written", "w").close())
attempt("/app/picklepod_sidecar/server.py", lambda: open("/app/picklepod_sidecar/server.py", "a").close())
shutil.copy("/bin/true", "/tmp/program")
os.chmod("/tmp/program", 0o755)
attempt("run /tmp/program", lambda: subprocess.run(["/tmp/program"]))
os.unlink("/tmp/program")
${told}`;

// By their numbers on x86-64, which is what the sidecars are built for.
const kernel = `
attempt("mount", lambda: call(165, 0, 0, 0, 0, 0))
attempt("unshare", lambda: call(272, 0x10000000))
attempt("ptrace", lambda: call(101, 16, 0, 0, 0))
attempt("keyctl", lambda: call(250, 0, 0, 0))
attempt("bpf", lambda: call(321, 0, 0, 0))
attempt("io_uring", lambda: call(425, 1, 0))
attempt("userfaultfd", lambda: call(323, 0))
attempt("setuid", lambda: os.setuid(0))
${told}`;
