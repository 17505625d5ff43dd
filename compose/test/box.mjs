// How closed a pod is: users, capabilities, file systems, ports.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { check } from "./check.mjs";

export async function checkBox(project, bundle) {
  const services = [bundle, `${bundle}-sidecar`, `${bundle}-pause`];
  const [api, , pause] = await Promise.all(services.map(project.container));
  await check(`${bundle}: the pause container runs from the API's image`, () => {
    assert.equal(pause.Image, api.Image);
    return pause.Config.Image;
  });
  for (const service of services) await checkConfined(project, service);
  await check(`${bundle}: only the API's port is published`, () => {
    const published = Object.entries(pause.NetworkSettings.Ports).filter(([, onHost]) => onHost);
    assert.deepEqual(
      published.map(([port]) => port),
      ["8080/tcp"],
    );
    return "8080/tcp";
  });
  await checkSidecarHidden(project, bundle, { api, pause });
}

async function checkConfined(project, service) {
  const { Id: id } = await project.container(service);
  await check(`${service}: not root, without capabilities or a way to gain them`, async () => {
    const text = await project.docker("exec", id, "cat", "/proc/1/status");
    const status = Object.fromEntries(text.split("\n").map((line) => line.split(/:\s+/)));
    const uids = status.Uid.split("\t");
    assert.ok(!uids.includes("0"), `uids ${uids}`);
    assert.match(status.CapEff, /^0+$/);
    assert.match(status.CapBnd, /^0+$/);
    assert.equal(status.NoNewPrivs, "1");
    return `uid ${uids[0]}, CapEff ${status.CapEff}`;
  });
  await check(`${service}: not even root could write to its file system`, async () => {
    const write = project.docker("exec", "--user", "0", id, "touch", "/app/written", "/etc/written");
    await assert.rejects(write, /\/app\/written.*Read-only file system[^]*\/etc\/written.*Read-only file system/);
    return "Read-only file system";
  });
}

/** 8080 is asked beside it each time: it shows that the way there is open. */
async function checkSidecarHidden(project, bundle, { api, pause }) {
  const [network, { IPAddress: address }] = Object.entries(pause.NetworkSettings.Networks)[0];
  const knock = (host, ...docker) => project.docker(...docker, "node", "--eval", knocking, host);
  await check(`${bundle}: inside the pod the sidecar's port is open`, async () => {
    const found = await knock("127.0.0.1", "exec", api.Id);
    assert.equal(found, "8080 open, 9101 open");
    return found;
  });
  await check(`${bundle}: a neighbour in its network reaches the API, never the sidecar`, async () => {
    const found = await knock(address, "run", "--rm", "--network", network, api.Image);
    assert.equal(found, "8080 open, 9101 ECONNREFUSED");
    return found;
  });
  await check(`${bundle}: the host does not reach the sidecar either`, async () => {
    assert.equal(await accepts(address, 9101), false);
    return `${address}:9101`;
  });
}

const knocking = `
  const knock = (port) => new Promise((resolve) => require("node:net").connect(port, process.argv[1])
    .on("connect", () => resolve(port + " open")).on("error", ({ code }) => resolve(port + " " + code)));
  Promise.all([8080, 9101].map(knock)).then((found) => { console.log(found.join(", ")); process.exit(); });`;

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (answer) => resolve(answer) ?? socket.destroy();
    socket
      .on("connect", () => end(true))
      .on("error", () => end(false))
      .on("timeout", () => end(false));
  });
}
