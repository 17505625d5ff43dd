import { type MetricObjectWithValues, type MetricValue, Registry } from "prom-client";

type Metric = MetricObjectWithValues<MetricValue<string>>;

/**
 * What a worker has counted, under its number where it is added up: a worker that takes another's place begins at zero, which
 * Prometheus understands of a series of its own. Of a sum it would take all that the others ever counted for new.
 */
export class WorkerRegistry extends Registry {
  private readonly worker: string;

  constructor(worker: number) {
    super();
    this.worker = String(worker);
  }

  override async getMetricsAsJSON(): Promise<Metric[]> {
    const metrics = await super.getMetricsAsJSON();
    return metrics.map((metric) => (isSum(metric) ? this.named(metric) : metric));
  }

  private named(metric: Metric): Metric {
    const { worker } = this;
    return { ...metric, values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })) };
  }
}

const isSum = ({ aggregator }: { readonly aggregator?: string }): boolean => aggregator === "sum";
