/** What is needed of a logger; pino's is one. */
export interface Log {
  info: (fields: object, text: string) => void;
  warn: (fields: object, text: string) => void;
  error: (fields: object, text: string) => void;
}
