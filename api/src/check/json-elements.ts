/** The elements of a JSON list as the very texts they are: parsing would lose a -0, or how a number was written. */
export function elementsOf(list: string): string[] {
  if (list.trim() === "[]") return [];
  const elements: string[] = [];
  let [depth, first, inText] = [0, -1, false];
  for (let i = 0; i < list.length; i += 1) {
    const letter = list[i];
    if (inText) {
      if (letter === "\\") i += 1;
      else if (letter === '"') inText = false;
    } else if (letter === '"') inText = true;
    else if (letter === "[" || letter === "{") {
      depth += 1;
      if (depth === 1) first = i + 1;
    } else if (letter === "]" || letter === "}") {
      depth -= 1;
      if (depth === 0) elements.push(list.slice(first, i).trim());
    } else if (letter === "," && depth === 1) {
      elements.push(list.slice(first, i).trim());
      first = i + 1;
    }
  }
  return elements;
}

const PREDICTIONS = '"predictions":';

/** Each prediction of a native answer, as its text. */
export function predictionTexts(answer: string): string[] {
  const at = answer.indexOf(PREDICTIONS);
  if (at < 0) throw new Error(`not a native answer: ${answer.slice(0, 300)}`);
  return elementsOf(answer.slice(at + PREDICTIONS.length, -1));
}

export const asList = (elements: readonly string[]): string => `[${elements.join(",")}]`;
