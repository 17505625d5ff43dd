import { expandInputs } from "../bundle/inputs";
import type { Bundle } from "../bundle/read-bundles";

/** What of a bundle is sent to another thread or process: its inputs, which may be half a million, follow from the rest. */
export type BundleParts = Omit<Bundle, "inputs">;

export const partsOf = ({ name, folder, manifest, json }: Bundle): BundleParts => ({ name, folder, manifest, json });

export const bundleOf = (parts: BundleParts): Bundle => ({ ...parts, inputs: expandInputs(parts.manifest) });
