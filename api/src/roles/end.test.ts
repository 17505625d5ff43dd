import { connect, type Socket } from "node:net";

import { cutPort, openPort } from "../../test/port";
import { endBySignal } from "./end";

let listening: Awaited<ReturnType<typeof openPort>>;
const sockets: Socket[] = [];
const said: [fields: object, text: string][] = [];
const say = (fields: object, text: string): void => void said.push([fields, text]);
const log = { debug: say, info: say, warn: say, error: say };
let exit: jest.SpyInstance;
beforeEach(async () => {
  said.length = 0;
  exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
  listening = await openPort((_request, response) => response.write("begun, and never done"));
});
afterEach(() => {
  exit.mockRestore();
  return cutPort(listening, sockets);
});

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const texts = (): string[] => said.map(([, text]) => text);

/** A stream begins; who finds the port closed is as well as one who is cut. */
async function beginStream(): Promise<void> {
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1").on("error", () => undefined);
  sockets.push(socket);
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
}

const end = (drainTimeoutMs: number, stop: () => Promise<void>): void => {
  endBySignal("SIGTERM", listening, stop, { DRAIN_TIMEOUT_MS: drainTimeoutMs }, log);
};
/** Resolves when what was begun is over. */
const endStopping = (drainTimeoutMs: number): Promise<string> =>
  new Promise((resolve) => {
    end(drainTimeoutMs, async () => {
      await passed(0);
      resolve("stopped");
    });
  });
const LATE = "some requests were not answered within the drain time";

it("a process whose port is still open at the end of the drain time ends, also where a stream begins behind that", async () => {
  const stopped = endStopping(500);
  await passed(750);
  await beginStream();
  expect(await Promise.race([stopped, passed(3_000)])).toBe("stopped");
  await passed(10);
  expect(texts().slice(1)).toEqual([LATE, "ended"]);
  expect(exit).not.toHaveBeenCalled();
});

it("what is under way at the end of the drain time is cut", async () => {
  await beginStream();
  const stopped = endStopping(1_500);
  expect(await Promise.race([stopped, passed(3_000)])).toBe("stopped");
  expect(texts()).toContain(LATE);
});

it("what takes long to stop is no request that was not answered", async () => {
  end(1_500, () => passed(1_000));
  await passed(2_800);
  expect(texts().slice(1)).toEqual(["ended"]);
});

it("where something cannot be ended, the log says what, and the process ends with 1", async () => {
  const why = new Error("EACCES: permission denied, rmdir '/state/kept-bundles/7'");
  end(0, () => Promise.reject(why));
  await passed(300);
  expect(said.at(-1)).toEqual([{ err: why }, `not everything could be ended: ${why.message}`]);
  expect(exit).toHaveBeenCalledWith(1);
});
