import type { Agent } from "node:http";

import axios, { type AxiosInstance } from "axios";

const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** axios as a call over loopback needs it: no proxy, no redirect, no inflating, bytes as they are; the caller sets a signal. */
export function createSidecarHttp(url: string, httpAgent: Agent, token?: string): AxiosInstance {
  return axios.create({
    baseURL: url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    httpAgent,
    proxy: false, // HTTP_PROXY is not for 127.0.0.1
    maxRedirects: 0,
    decompress: false,
    maxContentLength: MAX_REPLY_BYTES,
    responseType: "arraybuffer",
    validateStatus: null,
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
  });
}
