/** What is needed of a logger; pino's is one. */
export interface Log {
  debug: (fields: object, text: string) => void;
  info: (fields: object, text: string) => void;
  warn: (fields: object, text: string) => void;
  error: (fields: object, text: string) => void;
}

/** The environment variables of the caller, as settings read them. */
export type Variables = Readonly<Record<string, string | undefined>>;
