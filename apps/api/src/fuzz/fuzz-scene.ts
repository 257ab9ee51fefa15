import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';
import type { FuzzAnswer } from './invariants.js';
import type { FuzzRequest } from './requests.js';

/** An API with a template, two clusters that stand and one that failed; every service answers. */
export class FuzzScene {
  private constructor(
    private readonly api: ApiUnderTest,
    private readonly ids: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<FuzzScene> {
    const api = await ApiUnderTest.start({ environment: { JEROBOAM_MAX_MICROVERSION: '1.14' } });
    const { answers } = api.requester;
    answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
    answers.set('jeroboam.authority.sign', () => ({ pem: 'CERT' }));
    answers.set('jeroboam.stats.counts', () => ({ clusters: 2, nodes: 5 }));
    const scene = await ClusterScene.on(api);
    const cluster = await scene.ready({ name: 'c1', node_count: 2 });
    await scene.ready({ name: 'c2' });
    const failed = await scene.create({ name: 'broken' });
    await scene.failed(failed, 'no room');
    const project = scene.projectId;
    return new FuzzScene(api, {
      '<cluster>': cluster,
      '<failed>': failed,
      '<template>': scene.templateId,
      '<nodegroup>': await workerOf(api, cluster),
      '<project>': project,
    });
  }

  stop(): Promise<void> {
    return this.api.stop();
  }

  async send({ as, headers, method, payload, url }: FuzzRequest): Promise<FuzzAnswer> {
    const token = as === null ? {} : { 'x-auth-token': this.api.tokenOf(as) };
    const answer = await this.api.app.inject({
      method: method as 'GET',
      url: this.named(url),
      headers: { host: 'api:9511', ...token, ...headers },
      ...(payload === null ? {} : { payload: this.named(payload) }),
    });
    return { method, status: answer.statusCode, headers: answer.headers, payload: answer.payload };
  }

  private named(text: string): string {
    return text.replaceAll(/<\w+>/g, (name) => this.ids[name] ?? name);
  }
}

const workerOf = async (api: ApiUnderTest, cluster: string): Promise<string> => {
  const listed = await api.expect(200, `GET /v1/clusters/${cluster}/nodegroups?role=worker`, {
    version: '1.9',
  });
  const [worker] = listed['nodegroups'] as { uuid: string }[];
  return worker?.uuid ?? '';
};
