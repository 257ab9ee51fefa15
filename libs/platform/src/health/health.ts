/** State of one thing a service needs. `detail` is for the operator and holds no secret. */
export interface HealthResult {
  readonly healthy: boolean;
  readonly detail: string;
}

export interface HealthCheck {
  readonly name: string;
  check(): HealthResult | Promise<HealthResult>;
}

export interface HealthReport {
  readonly healthy: boolean;
  /** By name of the check. */
  readonly checks: Readonly<Record<string, HealthResult>>;
}

const CHECK_TIMEOUT_MS = 2000;

/** All a service needs in order to work. Without checks it is healthy. */
export class Health {
  private readonly checks: HealthCheck[] = [];

  constructor(private readonly timeoutMs = CHECK_TIMEOUT_MS) {}

  add(check: HealthCheck): this {
    this.checks.push(check);
    return this;
  }

  /** Asks all at once. One that throws or does not answer in time counts as unhealthy. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      this.checks.map(async (check) => [check.name, await this.ask(check)] as const),
    );
    return {
      healthy: results.every(([, { healthy }]) => healthy),
      checks: Object.fromEntries(results),
    };
  }

  private async ask(check: HealthCheck): Promise<HealthResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<HealthResult>((resolve) => {
      const detail = `no answer within ${this.timeoutMs} ms`;
      timer = setTimeout(resolve, this.timeoutMs, { healthy: false, detail });
    });
    try {
      return await Promise.race([Promise.resolve(check.check()), late]);
    } catch (error) {
      return { healthy: false, detail: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
