import { randomUUID } from 'node:crypto';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { gossip, type shared } from './generated.js';
import { newUuid } from './uuid.js';

type Empty = InstanceType<typeof shared.Empty>;
type ClusterInfo = InstanceType<typeof gossip.ClusterInfo>;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const TICKS_PER_MS = 10_000n;

/** `Gossip/Read`: a cluster of one, its leader. */
export const gossipCall = (advertised: () => Endpoint) => {
  const instanceId = randomUUID();
  return (_: ServerUnaryCall<Empty, ClusterInfo>, answer: sendUnaryData<ClusterInfo>): void => {
    const { host, port } = advertised();
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress(host);
    endpoint.setPort(port);
    const member = new gossip.MemberInfo();
    member.setInstanceId(newUuid(instanceId));
    member.setTimeStamp(String(BigInt(Date.now()) * TICKS_PER_MS));
    member.setState(gossip.MemberInfo.VNodeState.LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(endpoint);
    const cluster = new gossip.ClusterInfo();
    cluster.setMembersList([member]);
    answer(null, cluster);
  };
};
