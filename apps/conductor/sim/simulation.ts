import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import { Chance } from './chance.js';
import { findFaults, overdueNow } from './invariants.js';
import { CALM, STORM } from './line.js';
import { Mailbox } from './mailbox.js';
import { Members } from './members.js';
import { Process, type Shared } from './process.js';
import { Sky } from './sky.js';
import { Timeline } from './timeline.js';
import { TIMEOUT_MS, Users } from './users.js';

const STORM_MS = 3_600_000;
const CHECK_MS = 30_000;
/** How long the others take to notice. */
const NOTICE_MS = 5000;
const CUT_MS = 300_000;

/** One life of an installation, all of it by the seed: a storm, then calm, then everything is deleted. */
export class Simulation {
  private readonly timeline = new Timeline();
  private readonly chance: Chance;
  private readonly store = new InMemoryEventStore(() => this.timeline.now());
  private readonly shared: Shared & { readonly mailbox: Mailbox };
  private readonly users: Users;
  private readonly processes: Process[] = [];
  private readonly faults: string[] = [];

  constructor(seed: number) {
    this.chance = new Chance(seed);
    const sky = new Sky(this.timeline, this.chance);
    const { timeline, chance, store } = this;
    this.shared = { timeline, chance, store, sky, members: new Members(), mailbox: new Mailbox() };
    this.users = new Users(store, sky.cloud.keystone, timeline, chance);
  }

  /** @returns what is wrong in the end, or was on the way; nothing when all is well */
  async run(): Promise<readonly string[]> {
    try {
      for (let count = this.chance.between(2, 3); count > 0; count--) this.startOne();
      await this.storm();
      await this.calm();
      await this.deleteAll();
      const { sky, mailbox } = this.shared;
      const { store, users } = this;
      return [...this.faults, ...findFaults({ store, sky, mailbox, projectId: users.projectId })];
    } finally {
      await Promise.all(this.processes.map((process) => process.end()));
    }
  }

  /** All events, for who wants to see what happened. */
  get log(): readonly string[] {
    return this.store
      .all()
      .map(({ recordedAt, stream, type, data }) =>
        [recordedAt.slice(11, 23), stream.slice(0, 20), type, JSON.stringify(data)].join(' '),
      );
  }

  private async storm(): Promise<void> {
    const end = this.timeline.nowMs + STORM_MS;
    while (this.timeline.nowMs < end) {
      await this.users.act();
      if (this.chance.is(0.3)) {
        this.timeline.after(this.chance.between(1, 20_000), () => {
          this.killOne();
        });
      }
      if (this.chance.is(0.05)) this.cutNats();
      await this.watch(this.chance.between(1, 120_000));
    }
  }

  private async calm(): Promise<void> {
    Object.assign(this.shared.sky.fortune, { failing: 0, hanging: 0, takesMs: 60_000 });
    this.weather(true);
    await this.watch(TIMEOUT_MS + 120_000);
  }

  private async deleteAll(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      for (const id of this.users.clusterIds) await this.users.delete(id);
      await this.watch(TIMEOUT_MS + 120_000);
    }
  }

  /** Lets time pass and looks for operations that outlive their deadline. */
  private async watch(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= CHECK_MS) {
      await this.timeline.pass(Math.min(left, CHECK_MS));
      this.faults.push(...overdueNow(this.store, this.timeline.nowMs));
    }
  }

  private weather(isCalm: boolean): void {
    for (const { line } of this.processes) line.weather = isCalm ? CALM : STORM;
  }

  private startOne(): void {
    const process = new Process(`conductor-${this.processes.length}`, this.shared);
    this.processes.push(process);
    this.shared.members.join(process.id);
    process.start();
    this.tellAll();
  }

  /** Another one is started soon. */
  private killOne(): void {
    this.chance.of(this.alive())?.kill();
    this.tellAll();
    this.timeline.after(this.chance.between(1, 20_000), () => {
      this.startOne();
    });
  }

  /** For some minutes; meanwhile each believes that everything is its own. */
  private cutNats(): void {
    const { members } = this.shared;
    members.isolate(this.alive().map(({ id }) => id));
    this.timeline.after(this.chance.between(1000, CUT_MS), () => {
      members.connected = true;
      this.tellAll();
    });
  }

  private tellAll(): void {
    this.timeline.after(this.chance.between(1, NOTICE_MS), () => {
      this.shared.members.tell(this.alive().map(({ id }) => id));
    });
  }

  private alive(): readonly Process[] {
    return this.processes.filter((process) => process.alive);
  }
}
