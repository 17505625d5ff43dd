// How rows are put to a server, and what it answers, by the protocol that it speaks.
const json = (value) => JSON.stringify(value);
const list = (rows) => (Array.isArray(rows) ? rows : [rows]);
const records = (answers) =>
  answers.map((answer) => ({ probability: answer.probability_positiveclass, class: answer.predicted_class }));

export const wireFormats = {
  records: { encode: json, decode: records },
  native: { encode: json, decode: ({ predictions }) => predictions },
  bentoml: { encode: (rows) => json({ rows: list(rows) }), decode: records },
  mlflow: {
    encode: (rows) => json({ dataframe_records: list(rows) }),
    decode: ({ predictions }) => records(predictions),
  },
  mlserver: {
    encode(rows) {
      const data = list(rows).map(json);
      return json({ inputs: [{ name: "rows", datatype: "BYTES", shape: [data.length, 1], data }] });
    },
    decode: ({ outputs: [probability, found] }) =>
      probability.data.map((p, i) => ({ probability: p, class: found.data[i] })),
  },
};
