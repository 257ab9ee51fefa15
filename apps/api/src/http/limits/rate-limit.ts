import { Fault } from '../errors/faults.js';
import type { RateSettings } from '../settings.js';

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Buckets kept; those of projects that have been quiet longest go first. */
const maxBuckets = 10_000;

/** A token bucket a project: `burst` requests at once, `perSecond` on average. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly settings: RateSettings,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes one request of a project, or throws 429 that says when to come back. */
  take(project: string): void {
    if (this.settings.perSecond <= 0) return;
    const bucket = this.filled(project);
    if (bucket.tokens < 1) throw this.refusal(bucket);
    bucket.tokens -= 1;
  }

  private filled(project: string): Bucket {
    const { perSecond, burst } = this.settings;
    const now = this.now();
    const { tokens, filledAtMs } = this.buckets.get(project) ?? { tokens: burst, filledAtMs: now };
    const gained = (Math.max(0, now - filledAtMs) * perSecond) / 1000;
    const bucket = { tokens: Math.min(burst, tokens + gained), filledAtMs: now };
    this.buckets.delete(project);
    this.buckets.set(project, bucket);
    this.forget();
    return bucket;
  }

  private forget(): void {
    for (const project of this.buckets.keys()) {
      if (this.buckets.size <= maxBuckets) return;
      this.buckets.delete(project);
    }
  }

  private refusal({ tokens }: Bucket): Fault {
    const seconds = Math.max(1, Math.ceil((1 - tokens) / this.settings.perSecond));
    const text = `Too many requests of this project. Please try again in ${seconds} s.`;
    return new Fault(429, text, { 'Retry-After': String(seconds) });
  }
}
