// Mechanisms that stand between the API and a sidecar that fails, hangs or lies.
import { ends } from "./ends.mjs";

export const sidecars = {
  supervisor: {
    what: "a sidecar that has ended is not started again",
    tests: ["R4"],
    misses: /^in the last second/,
    changes: [
      ["supervise/supervisor.js", "while (!stopping.aborted) {", "for (let once = true; once; once = false) {"],
    ],
  },
  breaker: {
    what: "the breaker never opens",
    tests: ["R20"], // in R5 the frozen sidecar is found to be silent before as many calls have timed out as open it
    misses: /^of the others, refused within/,
    changes: [["predict/sidecar-client.js", "volumeThreshold: 5,", "volumeThreshold: 1e9,"]],
  },
  watching: {
    what: "a sidecar that does not answer counts as well",
    tests: ["R5"],
    misses: /not ready after/,
    changes: [["control/follow-sidecar.js", "const LOST_AFTER_FAILURES = 2;", "const LOST_AFTER_FAILURES = Infinity;"]],
  },
  heartbeat: {
    what: "a frozen sidecar is waited for",
    tests: ["R5"],
    misses: /killed, and serves again after/,
    changes: [ends("supervise/pulse.js", "missed() {")],
  },
  "frozen-reason": {
    what: "a frozen sidecar that is somebody else's is told like any that does not answer",
    tests: ["R5"],
    misses: /^in a pod, .*says that it is frozen/,
    changes: [["control/follow-sidecar.js", "const FROZEN_AFTER_MS = 20_000;", "const FROZEN_AFTER_MS = Infinity;"]],
  },
  "reply-id": {
    what: "a reply is believed to be this call's",
    tests: ["R6"],
    misses: /another call's id: 200/,
    changes: [["predict/tensors.js", "if (header.id !== expected.id)", "if (false)"]],
  },
  "reply-name": {
    what: "a reply is believed to be this model's",
    tests: ["R6"],
    misses: /another model's name: 200/,
    changes: [["predict/tensors.js", "if (header.model_name !== description.name)", "if (false)"]],
  },
  "reply-digest": {
    what: "a reply is believed to be this bundle's",
    tests: ["R6"],
    misses: /another bundle's digest: 200/,
    changes: [["predict/tensors.js", "if (header.parameters?.digest !== description.digest)", "if (false)"]],
  },
  shapes: {
    what: "the names, datatypes and shapes of a reply's tensors are believed",
    tests: ["R6"],
    misses: /^neither 502/,
    changes: [ends("predict/tensors.js", "function verifyTensor(tensor, name, described, rows) {")],
  },
  lengths: {
    what: "a reply may have fewer bytes than its shapes, and more than its tensors",
    tests: ["R6"],
    misses: /^(neither 502|wrong answers)/,
    changes: [
      ["predict/tensors.js", "if (bytes.length !== count * ArrayType.BYTES_PER_ELEMENT)", "if (false)"],
      ["predict/tensors.js", "if (at !== reply.length)", "if (false)"],
    ],
  },
  "reply-size": {
    what: "a reply may be of any size",
    tests: ["R6"],
    misses: /^memory grown by/,
    changes: [["predict/post-bytes.js", "if (this.size > this.mostBytes)", "if (false)"]],
  },
  "reply-timer": {
    what: "a reply may take any time, when its caller has long been told that it took too long",
    tests: ["R6"],
    misses: /^right answers again after/,
    changes: [["predict/post-bytes.js", "this.timer = setTimeout(() => {", "void (() => {"]],
  },
  bisecting: {
    what: "a batch that fails, fails for all that are in it",
    tests: ["R7"],
    misses: /^others whose answer changed/,
    changes: [["predict/predictor.js", "mayBeOneCalls: (error) => error instanceof sidecar_failure_1.ArtifactFailed", "mayBeOneCalls: () => false"]], // prettier-ignore
  },
  "no-proxy": {
    what: "a sidecar is asked through the environment's proxy",
    tests: ["R16"],
    misses: /^a proxy is set: calls that it saw/,
    changes: [["control/sidecar-http.js", "proxy: false,", ""]],
  },
  "one-probe": {
    what: "a half-open breaker lets everybody wait for its probe",
    tests: ["R20"],
    misses: /^of the others, refused within/,
    changes: [["predict/sidecar-pool.js", "areLeftAlone = () => ", "areLeftAlone = () => false && "]],
  },
};
