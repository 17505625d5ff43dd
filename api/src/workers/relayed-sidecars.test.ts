import type { Bundle } from "../bundle/read-bundles";
import { RelayedSidecars } from "./relayed-sidecars";

const listening = { kind: "listening", bundle: 1, number: 0, url: "http://sidecar" } as const;
const moved = { ...listening, url: "http://elsewhere" };

function createFake() {
  const heard: string[] = [];
  const relayed = new RelayedSidecars(() => 1);
  const follow = (name: string): Promise<void> => {
    const bundle = { name } as Bundle;
    const onListening = (_bundle: Bundle, url: string): void => void heard.push(`${name} ${url}`);
    const { release } = relayed.start([bundle], { onListening, onState: () => undefined });
    return Promise.resolve().then(() => release(bundle));
  };
  return { relayed, heard, follow };
}

it("a bundle that is brought anew hears on when the one that it was before is released", async () => {
  const { relayed, heard, follow } = createFake();
  relayed.hear(listening);
  const before = follow("before");
  const again = { name: "again" } as Bundle;
  relayed.start([again], { onListening: (_bundle, url) => void heard.push(`again ${url}`), onState: () => undefined });
  await before;
  relayed.hear(moved);
  expect(heard).toEqual(["before http://sidecar", "again http://sidecar", "again http://elsewhere"]);
});

it("one that comes back behind its release is told again where its sidecar is; who knows it is not", async () => {
  const { relayed, heard, follow } = createFake();
  relayed.hear(listening);
  await follow("before");
  const back = { name: "back" } as Bundle;
  relayed.start([back], { onListening: (_bundle, url) => void heard.push(`back ${url}`), onState: () => undefined });
  relayed.hear(listening);
  relayed.hear(listening);
  expect(heard).toEqual(["before http://sidecar", "back http://sidecar"]);
});
