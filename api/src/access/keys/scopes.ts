/** What is done in the control plane: of each route that needs a key for it, one. `control` is for all of them. */
export const CONTROL_SCOPES = ["control:metrics", "control:reload"] as const;
export type ControlScope = (typeof CONTROL_SCOPES)[number];

const WIDE = ["*", "control"];
const BUNDLE = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** What may stand there, for whoever wrote something else. */
export const SCOPES = `a bundle's name, * for all of them, control for the control plane, or ${CONTROL_SCOPES.join(" or ")} for that much of it`;

/** One that is misspelt would be for nothing, and nobody would know before it is needed. */
export const isScope = (text: string): boolean => BUNDLE.test(text) || WIDE.includes(text) || isControlScope(text);

export const isControlScope = (of: unknown): of is ControlScope => CONTROL_SCOPES.some((scope) => scope === of);
