import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import { Refused } from '@jeroboam/eventing/decider';
import { AUTHORITY_KINDS } from '../authority/generations.js';

export type Verb = keyof AuthorityRequests;
export type RequestOf<V extends Verb> = AuthorityRequests[V]['request'];

type Fields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_NAME = 255;
/** Far above any real request; keeps an absurd one from the parser. */
const MAX_CSR = 64 * 1024;

const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

const ofCluster = (fields: Fields): { clusterId: string } => {
  const { clusterId } = fields;
  // It becomes part of names in the secret store.
  if (!isUuid(clusterId)) throw faulty('clusterId');
  return { clusterId };
};

const named = (fields: Fields): RequestOf<'ensure'> => {
  const { clusterName } = fields;
  if (typeof clusterName !== 'string' || clusterName.length > MAX_NAME) throw faulty('clusterName');
  return { ...ofCluster(fields), clusterName };
};

const withAuthority = (fields: Fields): RequestOf<'ca'> => {
  const authority = AUTHORITY_KINDS.find((kind) => kind === fields['authority']);
  if (!authority) throw faulty('authority');
  return { ...ofCluster(fields), authority };
};

const toSign = (fields: Fields): RequestOf<'sign'> => {
  const { csr, termDays } = fields;
  if (typeof csr !== 'string' || csr.length > MAX_CSR) throw faulty('csr');
  const request = { ...named(fields), ...withAuthority(fields), csr, ...keyIn(fields) };
  if (termDays === undefined) return request;
  if (typeof termDays !== 'number' || !(termDays > 0)) throw faulty('termDays');
  return { ...request, termDays };
};

const keyIn = ({ keyed }: Fields): Pick<RequestOf<'sign'>, 'keyed'> => {
  if (keyed === undefined) return {};
  if (typeof keyed !== 'object' || keyed === null) throw faulty('keyed');
  const { requestKey, operationId }: Fields = { ...keyed };
  if (!isUuid(requestKey)) throw faulty('requestKey');
  if (!isUuid(operationId)) throw faulty('operationId');
  return { keyed: { requestKey, operationId } };
};

const READERS: { readonly [V in Verb]: (fields: Fields) => RequestOf<V> } = {
  ensure: named,
  ca: withAuthority,
  sign: toSign,
  'prepare-rotation': named,
  'commit-rotation': ofCluster,
  'abandon-rotation': ofCluster,
  destroy: ofCluster,
};

/** The request of a message; Refused when it is none. */
export const toRequest = <V extends Verb>(verb: V, message: unknown): RequestOf<V> => {
  if (typeof message !== 'object' || message === null) throw faulty('body');
  return READERS[verb]({ ...message });
};

const faulty = (member: string): Refused =>
  new Refused('invalid', `The ${member} of the request to the certificate authority is not valid.`);
