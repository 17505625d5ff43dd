/**
 * patsy hands what stands between the operators of a formula to Python's eval: only plain names, numbers, C(name) and the
 * operators + - : * ~ ( ) are surely none of that. As in picklepod_gate/formula.py.
 */
const name = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const token = new RegExp(String.raw`\s*(?:(C\s*\(\s*${name}\s*\)|${name}|\p{Nd}+(?:\.\p{Nd}+)?)|([-+:*~()]))`, "uy");
const longest = 10_000;

export function isPlainFormula(formula: string): boolean {
  if (formula.length > longest) return false;
  const text = formula.trimEnd();
  let before = "";
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (!found) return false;
    const operator = found[2];
    // What stands right before a bracket would be called; beside a name it is something else to Python.
    if ((operator === undefined || operator === "(") && (before === "operand" || before === ")")) return false;
    if (operator === "*" && before === "*") return false;
    before = operator ?? "operand";
  }
  return true;
}
