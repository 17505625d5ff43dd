// Asks the API of this container for a path; ends with 0 when it answers 200. The image has no curl.
import http from "node:http";
import https from "node:https";

const path = process.argv[2] ?? "/livez";
const end = (ok) => process.exit(ok ? 0 : 1);
const { get } = process.env.TLS_CERT_FILE ? https : http; // with it every port speaks TLS
// the certificate is for the name that callers use, and nobody else can be behind 127.0.0.1 in here
const server = { host: "127.0.0.1", port: process.env.PORT, rejectUnauthorized: false };
get({ ...server, path, timeout: 2500 }, (response) => end(response.statusCode === 200))
  .on("timeout", () => end(false))
  .on("error", () => end(false));
