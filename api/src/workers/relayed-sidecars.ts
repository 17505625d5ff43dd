import type { StartSidecars } from "../pod";
import { isSidecarNews } from "./sidecar-news";

/** In a worker: the primary keeps the sidecars, and says where they are and how they fare. */
export const relayedSidecars: StartSidecars = (bundles, { onListening, onState }) => {
  const hear = (message: unknown): void => {
    if (!isSidecarNews(message)) return;
    const bundle = bundles.find(({ name }) => name === message.bundle);
    if (!bundle) return;
    if (message.kind === "listening") onListening(bundle, message.url, message.number);
    else onState(bundle, message.state, message.number);
  };
  process.on("message", hear);
  return {
    stop: () => {
      process.off("message", hear);
      process.disconnect(); // the channel to the primary would keep this process alive
      return Promise.resolve();
    },
  };
};
