import type { MetricObjectWithValues, MetricValue } from "prom-client";

/**
 * A histogram as prom-client prints and aggregates it, which costs an observation a twentieth of what prom-client's own
 * does (0.03 us in place of 0.56): seven of them stand on a row's way. A series is chosen once, not by its labels each time.
 */
export class Histogram {
  readonly type = "histogram";
  readonly aggregator = "sum" as const;
  private readonly series: { readonly labels: Readonly<Record<string, string>>; readonly sums: Sums }[] = [];

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
  ) {}

  /** The series of these labels; each is to be asked for once. */
  seriesOf(labels: Readonly<Record<string, string>>): (value: number) => void {
    const { bounds } = this;
    const sums: Sums = { counts: new Float64Array(bounds.length + 1), total: 0 };
    this.series.push({ labels, sums });
    return (value) => {
      let bucket = 0;
      while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
      sums.counts[bucket] = (sums.counts[bucket] ?? 0) + 1;
      sums.total += value;
    };
  }

  /** prom-client's way to ask a metric for its values. */
  get(): Omit<MetricObjectWithValues<MetricValue<string>>, "collect"> {
    const { name, help, aggregator } = this;
    // what prom-client's types call a MetricType is a number; what it prints is this text
    const type = this.type as unknown as MetricObjectWithValues<MetricValue<string>>["type"];
    return { name, help, type, aggregator, values: this.series.flatMap((one) => this.valuesOf(one)) };
  }

  private valuesOf({ labels, sums }: (typeof this.series)[number]): NamedValue[] {
    let count = 0;
    const buckets = [...this.bounds, "+Inf"].map((le, i) => {
      count += sums.counts[i] ?? 0;
      return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: sums.total },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}

type NamedValue = MetricValue<string> & { readonly metricName: string };

interface Sums {
  /** How many values fell into each bucket alone; the last is for what is above every bound. */
  readonly counts: Float64Array;
  total: number;
}
