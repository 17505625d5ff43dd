import { abbreviations, englishStopWords } from "./english-words";

/** Every other character becomes a blank. */
export const characters = ["letters", "letters_and_digits", "all"] as const;
export const punctuations = ["keep", "remove", "space"] as const;
export const splits = ["words", "nltk"] as const;
export const stemmings = ["porter", "snowball", "none"] as const;

interface Options {
  lower: boolean;
  keep: (typeof characters)[number];
  punctuation: (typeof punctuations)[number];
  digits: "keep" | "remove";
  split: (typeof splits)[number];
  alphanumeric: boolean;
  stop_words: "english" | "none" | string[];
  stemming: (typeof stemmings)[number];
}

const NOTHING: Options = {
  lower: false,
  keep: "all",
  punctuation: "keep",
  digits: "keep",
  split: "words",
  alphanumeric: false,
  stop_words: "none",
  stemming: "none",
};

/** What the usual tutorials do, each under a name. */
const PRESETS: Readonly<Record<"tutorial" | "spam" | "none", Options>> = {
  // re.sub('[^a-zA-Z]', ' ', text.lower()).split(), without stop words, each stemmed
  tutorial: { ...NOTHING, lower: true, keep: "letters", stop_words: "english", stemming: "porter" },
  // nltk.word_tokenize(text.lower()), what is alphanumeric and no stop word, each stemmed
  spam: {
    ...NOTHING,
    lower: true,
    split: "nltk",
    alphanumeric: true,
    stop_words: "english",
    stemming: "porter",
  },
  none: NOTHING,
};

type Chosen = { readonly [K in keyof Options]?: Options[K] | undefined } & {
  readonly preset: keyof typeof PRESETS;
};

/** Every option written out, the words too: what is done to a text is pinned with the bundle. */
export function cleaningOf(step: Chosen) {
  const preset = PRESETS[step.preset];
  const split = step.split ?? preset.split;
  const stopWords = step.stop_words ?? preset.stop_words;
  return {
    lower: step.lower ?? preset.lower,
    keep: step.keep ?? preset.keep,
    punctuation: step.punctuation ?? preset.punctuation,
    digits: step.digits ?? preset.digits,
    split,
    ...(split === "nltk" && { abbreviations: [...abbreviations] }),
    alphanumeric: step.alphanumeric ?? preset.alphanumeric,
    stop_words: stopWords === "english" ? [...englishStopWords] : stopWords === "none" ? [] : [...stopWords],
    stemming: step.stemming ?? preset.stemming,
  };
}
