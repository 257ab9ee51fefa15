import { ApiUnderTest, type Answered, type Asked } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';
import { Callers, type Caller } from './callers.js';
import type { Row } from './table.js';

const AT = '2026-01-01T13:00:00.000Z';

/** Asks what rows of the table say, on a scene where nobody has changed anything since it was arranged. */
export class Asking {
  /** False once a request has been heard of in the log. */
  isUntouched = false;
  private names = new Map<string, string>();

  private constructor(
    readonly api: ApiUnderTest,
    readonly callers: Callers,
    readonly scene: ClusterScene,
  ) {}

  static async start(): Promise<Asking> {
    const api = await ApiUnderTest.start();
    const { answers } = api.requester;
    answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
    answers.set('jeroboam.authority.sign', () => ({ pem: 'CERT' }));
    answers.set('jeroboam.stats.counts', () => ({ clusters: 1, nodes: 2 }));
    return new Asking(api, Callers.in(api), await ClusterScene.on(api));
  }

  async ask(row: Row, caller: Caller | 'guest', headers = {}): Promise<Answered> {
    if (!this.isUntouched) await this.arrange();
    const token = await this.callers.tokenOf(caller, this.named('<cluster>'));
    return this.send(row, { token, headers });
  }

  /** The row's request with another token, or headers. */
  async send(row: Row, asked: Asked): Promise<Answered> {
    const before = this.api.store.seen.length;
    const answer = await this.api.ask(this.routeOf(row), { ...this.askedOf(row), ...asked });
    this.isUntouched = this.api.store.seen.length === before;
    return answer;
  }

  /** A quota of demo, a cluster of its own user, and templates no cluster uses. */
  async arrange(): Promise<void> {
    const { api, scene } = this;
    await scene.clear();
    const cluster = await scene.ready({ name: 'c' });
    const data = { resource: 'Cluster', hardLimit: 9, at: AT };
    await api.happened(`project-${scene.projectId}`, { type: 'QuotaSet', data });
    const service = api.cloud.keystone.directory.projectNamed('service')?.id ?? '';
    const removed = { resource: 'Cluster', at: AT };
    await api.happened(`project-${service}`, { type: 'QuotaRemoved', data: removed });
    const open = await this.template('open', 'public');
    const requested = api.store.seen.findLast(({ type }) => type === 'ClusterRequested') as
      { readonly data: { readonly at: string } } | undefined;
    this.names = new Map([
      ['<cluster>', cluster],
      ['<then>', String(requested?.data.at)],
      ['<template>', await scene.template({ name: 'closed' })],
      ['<newer template>', await scene.template({ labels: { kube_tag: 'v1.30.2' } })],
      ['<public template>', open],
      ['<hidden template>', await this.template('hidden', 'public', 'hidden')],
      ['<project>', scene.projectId],
      ['<project without quota>', service],
    ]);
    this.isUntouched = true;
  }

  private async template(name: string, ...flags: readonly string[]): Promise<string> {
    const made = await this.scene.template({ name });
    const body = flags.map((flag) => ({ op: 'replace', path: `/${flag}`, value: true }));
    await this.api.expect(200, `PATCH /v1/clustertemplates/${made}`, { as: 'admin', body });
    return made;
  }

  /** The text with ids for names in brackets. */
  named(text: string): string {
    return text.replaceAll(/<[\w ]+>/g, (name) => this.names.get(name) ?? name);
  }

  private routeOf({ route, path = {}, query = '' }: Row): string {
    return this.named(route.replaceAll(/:(\w+)/g, (_, name: string) => path[name] ?? name) + query);
  }

  private askedOf({ body, version = '1.12' }: Row): Asked {
    return {
      version,
      ...(body === undefined
        ? {}
        : { body: JSON.parse(this.named(JSON.stringify(body))) as unknown }),
    };
  }
}
