/** The answers to what no file of theirs can tell; a person would give them to the wizard. */
export const INIT_FLAGS: Readonly<Record<string, readonly string[]>> = {
  classification: [
    ...input("x{0..99}", "{type: number, null: nan, absent: nan}"),
    ...input("x12", "{type: currency, null: nan, absent: nan}"),
    ...input("x63", "{type: percent, null: nan, absent: nan}"),
    ...dummies("x5", "monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
    ...dummies("x31", "america, asia, germany, japan"),
    ...dummies(
      "x81",
      "January, February, March, April, May, June, July, August, September, October, November, December",
    ),
    ...dummies("x82", "Female, Male"),
    ...["--one-hot", "x5,x31,x81,x82", "--threshold", "0.5"],
  ],
  "flight-delay": ["--one-hot", "OPERA,TIPOVUELO,MES"],
};

function input(name: string, entry: string): string[] {
  return ["--input", `${name}=${entry}`];
}

function dummies(name: string, values: string): string[] {
  return input(name, `{type: category, values: [${values}], null: zeros, unknown: zeros}`);
}
