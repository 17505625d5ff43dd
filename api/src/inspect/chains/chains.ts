import type { CategoryTable, NameList } from "../folder/side-files";
import type { Chain } from "../inspection";
import { type OpenFile, candidatesIn, isLabelEncoder, isPredictor, isTransformer } from "./candidates";
import { type Material, chainsOf } from "./chain";
import { knownCategories } from "./dummies";
import { type RankedChain, inOrder } from "./order";

/** Which files belong together, the likeliest first. */
export function findChains(
  opened: readonly OpenFile[],
  lists: readonly NameList[],
  tables: readonly CategoryTable[],
): Chain[] {
  const candidates = opened.flatMap(candidatesIn);
  const transformers = candidates.filter(isTransformer);
  const material: Material = {
    transformers,
    labelEncoders: candidates.filter(isLabelEncoder),
    lists,
    categories: knownCategories(
      tables.map(({ categories }) => categories),
      transformers,
    ),
  };
  const ranked: RankedChain[] = candidates
    .filter(isPredictor)
    .flatMap((predictor) => chainsOf(predictor, material).map((chain) => ({ chain, predictor })));
  return inOrder(
    ranked,
    opened.map(({ inspection }) => inspection),
  );
}
