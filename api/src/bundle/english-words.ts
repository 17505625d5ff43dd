/**
 * The 179 English stop words of NLTK's stopwords corpus (nltk_data, corpora/stopwords/english: Snowball's list by way of
 * PostgreSQL, augmented by NLTK). They stand here, and from here in bundle.json, as NLTK would download them.
 */
export const englishStopWords: readonly string[] = `
  i me my myself we our ours ourselves you you're you've you'll you'd your yours yourself yourselves he him his
  himself she she's her hers herself it it's its itself they them their theirs themselves what which who whom
  this that that'll these those am is are was were be been being have has had having do does did doing a an the
  and but if or because as until while of at by for with about against between into through during before after
  above below to from up down in out on off over under again further then once here there when where why how all
  any both each few more most other some such no nor not only own same so than too very s t can will just don
  don't should should've now d ll m o re ve y ain aren aren't couldn couldn't didn didn't doesn doesn't hadn
  hadn't hasn hasn't haven haven't isn isn't ma mightn mightn't mustn mustn't needn needn't shan shan't shouldn
  shouldn't wasn wasn't weren weren't won won't wouldn wouldn't
`
  .trim()
  .split(/\s+/);

/**
 * What ends with a period and ends no sentence, without that period. NLTK's word_tokenize takes these from a model that it
 * would download; this list of our own holds the usual ones.
 */
export const abbreviations: readonly string[] = `
  a.m adm apr ariz aug ave bros capt cf cmdr co col colo conn corp dec del dr e.g e.u est etc feb ft gen gov hon
  i.e inc jan jr jul jun kan lt ltd maj messrs mich minn mon mr mrs ms mt n.c n.j n.y nov oct okla p.m penn ph.d
  prof rep res rev sec sen sep sept sgt sr st tenn tex thu tue u.k u.n u.s va vs vt wis
`
  .trim()
  .split(/\s+/);
