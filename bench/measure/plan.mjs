// How much of what is measured. The whole run takes some twenty minutes on two cores.
export const plan = {
  minutes: 22,
  singles: {
    ...{ clients: [1, 8, 64, 256, 1024], slowClients: [1, 8, 64] },
    ...{ seconds: 2, warmSeconds: 0.4, rounds: 3, otherRounds: 1 },
  },
  largeCall: { rows: 10_000, calls: 3, rounds: 3, otherRounds: 1 },
  besideBulk: { rate: 200, seconds: 3, rows: 10_000, rounds: 2 },
  besideBulkClients: { clients: [1, 8, 64, 256, 1024], seconds: 1.5, warmSeconds: 0.3, rows: 10_000, rounds: 2 },
  rowCounts: [
    { rows: 1, calls: 30 },
    { rows: 10, calls: 20 },
    { rows: 100, calls: 15 },
    { rows: 1_000, calls: 10 },
    { rows: 10_000, calls: 4 },
    { rows: 100_000, calls: 2 },
  ],
  openLoop: { rates: [250, 1000, 2000, 4000, 8000], seconds: 3, rounds: 1, hopelessMs: 500 },
  streaming: { rows: 1_000_000, rowCounts: [1_000, 10_000, 100_000, 1_000_000] },
  starts: 5,
};
