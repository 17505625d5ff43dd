/** Those that the sidecar runs on: each has a lock in sidecar/locks. */
export const MINORS = ["3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"];
