// Loaded before Picklepod: the machine's clock jumps whenever it is told so, as it does when somebody sets it. SIGUSR2 puts it
// forward an hour, the next one back two, and so on. The clock that only runs forward is left alone, as a machine leaves it.
const HOUR = 3_600_000;
const jumps = [HOUR, -2 * HOUR, 3 * HOUR, -2 * HOUR];
const RealDate = Date;
let offset = 0;
let told = 0;

process.on("SIGUSR2", () => {
  offset += jumps[told++ % jumps.length];
});

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offset] : given));
  }

  static now() {
    return RealDate.now() + offset;
  }
};
