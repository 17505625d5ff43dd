/** One thing that was looked at. */
export interface DoctorLine {
  /** What it is about: Node, Python 3.9, uv, … */
  readonly what: string;
  /** `missing`: something that is needed here cannot work. `warn`: it may be missed. */
  readonly state: "ok" | "warn" | "missing";
  readonly told: string;
  /** What to do; empty where nothing is to be done. */
  readonly remedy: string;
}

export const ok = (what: string, told: string): DoctorLine => ({ what, state: "ok", told, remedy: "" });
export const warn = (what: string, told: string, remedy: string): DoctorLine => ({ what, state: "warn", told, remedy });
export const missing = (what: string, told: string, remedy: string): DoctorLine => ({
  what,
  state: "missing",
  told,
  remedy,
});
