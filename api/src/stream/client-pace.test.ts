import { ClientPace } from "./client-pace";

function paced() {
  const socket = { bytesRead: 5_000, bytesWritten: 7_000, writableLength: 0 };
  const client = { isAwaited: true };
  const pace = new ClientPace(socket, () => client.isAwaited);
  const look = (seconds: number, bytes = 0): void => {
    for (let i = 0; i < seconds; i += 1) {
      socket.bytesRead += bytes;
      pace.look();
    }
  };
  return { socket, client, pace, look };
}

it("is not known before half a minute in which it was waited for", () => {
  const { pace, look } = paced();
  look(29, 10);
  expect(pace.bytesPerSecond).toBeUndefined();
  look(1, 10);
  expect(pace.bytesPerSecond).toBeCloseTo(10, 0);
});

it("what came over the connection before the stream is not the stream's", () => {
  const { pace, look } = paced();
  look(30);
  expect(pace.bytesPerSecond).toBe(0);
});

it("what is read counts as what is sent does, once it has left us", () => {
  const { socket, pace, look } = paced();
  [socket.bytesWritten, socket.writableLength] = [1_007_000, 1_000_000];
  look(30);
  expect(pace.bytesPerSecond).toBe(0);
  socket.writableLength = 0;
  look(1);
  expect(pace.bytesPerSecond).toBeGreaterThan(10_000);
});

it("time in which the client is not waited for does not count, though its bytes do", () => {
  const { client, pace, look } = paced();
  look(30, 1_000);
  client.isAwaited = false;
  look(1_000);
  expect(pace.bytesPerSecond).toBeCloseTo(1_000, -2);
  look(10, 1_000);
  expect(pace.bytesPerSecond).toBeGreaterThan(1_200);
});

it("a good beginning is forgotten in minutes, whatever it was", () => {
  const { pace, look } = paced();
  look(60, 1_000_000);
  look(60);
  expect(pace.bytesPerSecond).toBeGreaterThan(100_000);
  look(600);
  expect(pace.bytesPerSecond).toBeLessThan(1_000);
});

it("who reads 30 KB a second is never slow, though the answer is read in pieces of megabytes", () => {
  const { pace, look } = paced();
  for (let pieces = 0; pieces < 10; pieces += 1) {
    look(99);
    look(1, 3_000_000);
    look(99);
    expect(pace.bytesPerSecond).toBeGreaterThan(2_000);
    look(1, 3_000_000);
  }
});
