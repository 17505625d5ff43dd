import type { CommandModule } from "yargs";

import { check } from "./check";
import { doctor } from "./doctor";
import { init } from "./init";
import { inspect } from "./inspect";
import { key } from "./key";
import { lock } from "./lock";
import { pin } from "./pin";
import { reload } from "./reload";
import { schema } from "./schema";
import { score } from "./score";
import { serve } from "./serve";
import { train } from "./train";

/** Every verb, in the order in which a person comes to need it. Each loads what it needs only when it is run. */
export const verbs = [
  inspect,
  init,
  check,
  serve,
  reload,
  key,
  score,
  pin,
  lock,
  train,
  doctor,
  schema,
] as unknown as CommandModule[];

export const verbNames = [...verbs.map(({ command }) => String(command).split(" ")[0] ?? ""), "completion"];

/** Those whose argument is a bundle: completion offers the folders of models/. */
export const verbsOfBundles = ["check", "serve", "pin", "lock", "train"];
