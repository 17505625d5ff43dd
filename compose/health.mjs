// Asks the API of this container for a path; ends with 0 when it answers 200. The image has no curl.
import { get } from "node:http";

const path = process.argv[2] ?? "/livez";
const end = (ok) => process.exit(ok ? 0 : 1);
get({ host: "127.0.0.1", port: process.env.PORT, path, timeout: 2500 }, (response) => end(response.statusCode === 200))
  .on("timeout", () => end(false))
  .on("error", () => end(false));
