import type { Place } from "../inspection";

const general = new Set(
  `
  model models pkl pickle joblib sav the my trained final best new ml file data scaler scalar encoder
  vectorizer preprocessor transformer imputer pca le enc std standard minmax tfidf cv vect classifier regressor
  predictor pipeline pipe label sc ss ms encoders labels lbl labelencoder features names columns`
    .trim()
    .split(/\s+/),
);

/** The words of a file's name and of the keys in it, in lower case: heart_scaler.pkl has heart and scaler. */
export function wordsOf({ file, key }: Place): string[] {
  const stem = file.slice(file.lastIndexOf("/") + 1).replace(/\.[A-Za-z0-9]{1,8}$/, "");
  const text = [stem, ...key].join(" ").replaceAll(/([a-z])([A-Z])/g, "$1 $2");
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** Those that say what a thing is about, not what it is. */
export const subjectOf = (place: Place): string[] =>
  wordsOf(place).filter((word) => !general.has(word) && word.length > 1);

/** Letters and digits alone, in lower case: to compare names that people spell now so, now so. */
export const bare = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

const answers = new Set(["y", "target", "label", "labels", "output", "response", "price", "classes", "class"]);

/** scaler_y.pkl, target_scaler.pkl, label_encoder.pkl#target. */
export const isOfTheAnswer = (place: Place): boolean => wordsOf(place).some((word) => answers.has(word));
