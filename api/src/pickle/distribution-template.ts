/** scipy.stats executes the `_parse_arg_template` of a distribution that it loads. As in picklepod_gate/formula.py. */
const shapes = /^\ndef _parse_args\(self, ((?:[A-Za-z_][A-Za-z0-9_]*, )*) loc=0(, scale=1)?\):\n/;

/** Whether it is scipy's own, filled with plain names. */
export function isArgumentParser(text: string): boolean {
  const found = shapes.exec(text);
  if (!found) return false;
  const [, names = "", scale] = found;
  return text === parser(names, scale ? "loc=0, scale=1" : "loc=0", scale ? "loc, scale" : "loc, 1");
}

const parser = (names: string, given: string, made: string): string => `
def _parse_args(self, ${names} ${given}):
    return (${names}), ${made}

def _parse_args_rvs(self, ${names} ${given}, size=None):
    return self._argcheck_rvs(${names} ${made}, size=size)

def _parse_args_stats(self, ${names} ${given}, moments='mv'):
    return (${names}), ${made}, moments
`;
