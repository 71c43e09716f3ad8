/** Makes label values that a metrics store can bear, whoever chose them. */
export type LabelBound = (metric: string, labels: object) => Record<string, string>;

const MAX_VALUES = 100;
const OTHER = "other";
const PLAIN = /^[\w ./{}:-]{1,100}$/;

/** Every distinct value is a series for ever, so each label has a fixed number of them and the rest is "other". */
export function createLabelBound(): LabelBound {
  const seen = new Map<string, Set<string>>();
  return (metric, labels) => {
    const bounded = Object.entries(labels).map(([label, value]) => {
      const key = `${metric} ${label}`;
      const values = seen.get(key) ?? new Set();
      seen.set(key, values);
      return [label, admit(values, String(value))];
    });
    return Object.fromEntries(bounded);
  };
}

function admit(values: Set<string>, value: string): string {
  if (values.has(value)) return value;
  if (values.size >= MAX_VALUES || !PLAIN.test(value)) return OTHER;
  values.add(value);
  return value;
}
