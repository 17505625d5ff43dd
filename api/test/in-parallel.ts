export * from "../src/check/in-parallel";
