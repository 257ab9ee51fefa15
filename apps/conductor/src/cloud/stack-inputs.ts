import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import {
  DriverFault,
  type CloudFacts,
  type ClusterDriver,
  type FixedNetwork,
  type Installation,
  type NodeKeys,
  type StackInput,
} from '@jeroboam/drivers/driver';
import type { Cloud } from '@jeroboam/openstack/cloud';
import type { Session } from '@jeroboam/openstack/http/session';
import { ProcessorSlots } from '@jeroboam/platform/concurrency/processor-slots';
import type { Trustees } from './trustees.js';

const RSA_BITS = 2048;
const generate = promisify(generateKeyPair);

/** Gathers what a driver must know of the cloud, with the eyes of the user. */
export class StackInputs {
  private readonly slots = new ProcessorSlots();

  constructor(
    private readonly cloud: Cloud,
    private readonly trustees: Trustees,
    private readonly installation: Installation,
    private readonly regionName: string | null,
    /** Takes tenths of a second: nothing for a simulation. */
    private readonly generateKey: () => Promise<KeyPair> = generateServiceAccountKey,
  ) {}

  /** Throws what the cloud throws, and {@link DriverFault} for what we will not give. */
  async of(cluster: PresentCluster, driver: ClusterDriver): Promise<StackInput> {
    const session = await this.trustees.projectSessionFor(cluster);
    const [cloud, keys] = await Promise.all([
      this.factsFor(cluster, session),
      this.keysFor(driver.keysFor(cluster.spec)),
    ]);
    return {
      cluster: cluster.spec,
      nodegroups: cluster.nodegroups,
      cloud,
      identity: this.trustees.identityOf(cluster),
      keys,
      installation: this.installation,
    };
  }

  /** Keys reach the nodes through hidden parameters of Heat; no copy is kept. */
  private async keysFor(wanted: readonly (keyof NodeKeys)[]): Promise<NodeKeys> {
    if (wanted.includes('caPrivateKey')) {
      throw new DriverFault(
        'Label cert_manager_api is not supported: the private key of the CA does not leave its keeper.',
      );
    }
    return wanted.includes('serviceAccount')
      ? { serviceAccount: await this.slots.run(this.generateKey) }
      : {};
  }

  private async factsFor({ spec }: PresentCluster, as: Session): Promise<CloudFacts> {
    const { neutron, nova, cinder, octavia } = this.cloud;
    const external = spec.template.externalNetworkId;
    const [externalNetwork, fixedNetwork, keypair, volumeType, hasOctavia] = await Promise.all([
      external === null ? null : neutron.findNetwork(as, external, { external: true }),
      this.fixedNetworkOf(as, spec.fixedNetwork, spec.fixedSubnet),
      spec.keypair === null ? null : nova.getKeypair(as, spec.keypair),
      needsVolume(spec, this.installation) ? this.volumeType(as, cinder) : null,
      octavia.available(as),
    ]);
    return {
      externalNetworkId: externalNetwork?.id ?? null,
      fixedNetwork,
      sshPublicKey: keypair?.publicKey ?? null,
      volumeType,
      octavia: hasOctavia,
      regionName: this.regionName,
    };
  }

  private async fixedNetworkOf(
    as: Session,
    network: string | null,
    subnet: string | null,
  ): Promise<FixedNetwork | null> {
    if (network === null) return null;
    const { neutron } = this.cloud;
    const { id, name, subnetIds } = await neutron.findNetwork(as, network);
    const wanted = subnet ?? subnetIds[0];
    if (wanted === undefined) throw new DriverFault(`Fixed network ${network} has no subnet.`);
    const { id: subnetId, cidr } = await neutron.findSubnet(as, wanted);
    return { id, name, subnetId, cidr };
  }

  private async volumeType(as: Session, cinder: Cloud['cinder']): Promise<string | null> {
    const preferred = await cinder.defaultVolumeType(as);
    const [first] = preferred ? [preferred] : await cinder.listVolumeTypes(as);
    return first?.name ?? null;
  }
}

/** Some volume is asked for: only then does Cinder have to be there. */
const needsVolume = (
  { dockerVolumeSize, labels }: PresentCluster['spec'],
  { volumes }: Installation,
): boolean =>
  dockerVolumeSize !== null ||
  Number(labels['etcd_volume_size'] ?? 0) > 0 ||
  Number(labels['boot_volume_size'] ?? volumes.bootSize) > 0;

/** PEM. */
export type KeyPair = NonNullable<NodeKeys['serviceAccount']>;

const generateServiceAccountKey = (): Promise<KeyPair> =>
  generate('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
