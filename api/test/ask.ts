export * from "../src/check/ask";
