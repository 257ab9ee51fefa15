import type { Chance } from './chance.js';
import type { Timeline } from './timeline.js';

/** How bad things are. */
export interface Weather {
  /** Of a call: to fail before it is done, to be done and its answer lost, to hang a long while. */
  readonly failing: number;
  readonly losing: number;
  readonly hanging: number;
  /** Longest usual delay of a call, in ms. */
  readonly delayMs: number;
}

export const STORM: Weather = { failing: 0.06, losing: 0.05, hanging: 0.01, delayMs: 3000 };
export const CALM: Weather = { failing: 0, losing: 0, hanging: 0, delayMs: 50 };

/** Longest a call is under way before its sender gives it up, and all the same is done. */
const UNDER_WAY_MS = 25_000;
const HANGING_MS = 400_000;

/** The line between one process and the services it calls. Cut, nothing comes back any more. */
export class Line {
  weather: Weather = STORM;
  private severed = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly chance: Chance,
  ) {}

  isCut(): boolean {
    return this.severed;
  }

  /** For ever. */
  sever(): void {
    this.severed = true;
  }

  /**
   * The service with this line before it.
   *
   * @param fault what its client throws when it is not reached
   * @param patienceMs after which its client gives up a call that hangs
   */
  to<Service extends object>(
    service: Service,
    fault: () => Error,
    patienceMs = HANGING_MS,
  ): Service {
    return new Proxy(service, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(member, target, args);
          return SYNCHRONOUS.has(String(name)) ? call() : this.call(call, { fault, patienceMs });
        };
      },
    });
  }

  private async call(call: () => unknown, { fault, patienceMs }: Client): Promise<unknown> {
    const fate = this.fate();
    if (this.isCut()) return never();
    // On its way it takes place even when the caller dies meanwhile.
    const delayMs = fate === 'lost' ? UNDER_WAY_MS : this.weather.delayMs;
    await this.timeline.pause(this.chance.between(1, delayMs));
    if (fate === 'failed') throw fault();
    const answer = await settled(call);
    const usualMs = this.chance.between(1, this.weather.delayMs);
    await this.timeline.pause(fate === 'hanging' ? patienceMs : usualMs);
    if (this.isCut()) return never();
    if (fate !== 'done') throw fault();
    return given(answer);
  }

  private fate(): Fate {
    const { failing, losing, hanging } = this.weather;
    const number = this.chance.next();
    if (number < losing) return 'lost';
    if (number < losing + failing) return 'failed';
    return number < losing + failing + hanging ? 'hanging' : 'done';
  }
}

interface Client {
  readonly fault: () => Error;
  readonly patienceMs: number;
}

/** Of a call: done and its answer lost, not done, done and no answer for long, done. */
type Fate = 'lost' | 'failed' | 'hanging' | 'done';

/** Sessions are made without a call. */
const SYNCHRONOUS = new Set([
  'service',
  'trustSession',
  'trusteeSession',
  'userSession',
  'subscribe',
]);

const never = (): Promise<never> => new Promise(() => undefined);

type Answer = { readonly value: unknown } | { readonly error: unknown };

const settled = async (call: () => unknown): Promise<Answer> => {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
};

const given = (answer: Answer): unknown => {
  if ('error' in answer) throw answer.error;
  return answer.value;
};
