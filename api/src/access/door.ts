import type { IncomingMessage, ServerResponse } from "node:http";

import type { ControlScope } from "./keys/scopes";

/** What a request must be allowed to do: nothing, anything at all, something with a bundle, or something of the control plane. */
export type Needs = "open" | "key" | ControlScope | { readonly bundle: string };

/** Who comes in. There is none where no setting asks for one, and then a prediction pays nothing for it. */
export interface Door {
  /** @throws Problem unauthorized, forbidden or quota-exceeded; where a counter has to be asked, in the promise */
  readonly enter: (request: IncomingMessage, response: ServerResponse, needs: Needs) => Promise<void> | undefined;
  /** Once the rows of a request, or of a piece of it, are known. Rejects with the Problem quota-exceeded. */
  readonly takeRows?: ((request: IncomingMessage, rows: number) => Promise<void>) | undefined;
  /** Callers need a key. */
  readonly demandsKeys: boolean;
  /** Something is asked of predictions too. */
  readonly asksPredictions: boolean;
}
