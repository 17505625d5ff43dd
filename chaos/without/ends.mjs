/** A change of the built code: the method or function ends where it begins. */
export const ends = (file, head, value = "undefined") => [file, head, `${head} return ${value};`];
