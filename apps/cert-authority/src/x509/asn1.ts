import forge from 'node-forge';

const { Class, Type } = forge.asn1;

/** A node of an ASN.1 tree. */
export type Node = forge.asn1.Asn1;

/** Bytes that are not the structure they should be. */
export class MalformedDer extends Error {
  override readonly name = 'MalformedDer';
}

export const decode = (der: Buffer): Node => {
  try {
    return forge.asn1.fromDer(der.toString('latin1'), {
      strict: true,
      parseAllBytes: true,
      decodeBitStrings: false,
    });
  } catch (cause) {
    throw new MalformedDer('not DER', { cause });
  }
};

export const encode = (node: Node): Buffer =>
  Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');

const compound = (type: forge.asn1.Type, children: readonly Node[]): Node =>
  forge.asn1.create(Class.UNIVERSAL, type, true, [...children]);

const primitive = (type: forge.asn1.Type, bytes: Buffer): Node =>
  forge.asn1.create(Class.UNIVERSAL, type, false, bytes.toString('latin1'));

export const sequence = (...children: Node[]): Node => compound(Type.SEQUENCE, children);
export const set = (...children: Node[]): Node => compound(Type.SET, children);
export const utf8 = (text: string): Node => primitive(Type.UTF8, Buffer.from(text));
export const octets = (bytes: Buffer): Node => primitive(Type.OCTETSTRING, bytes);
export const nothing = (): Node => primitive(Type.NULL, Buffer.alloc(0));
export const boolean = (value: boolean): Node =>
  primitive(Type.BOOLEAN, Buffer.from([value ? 0xff : 0]));

export const oid = (dotted: string): Node =>
  primitive(Type.OID, Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1'));

/** `bytes`: the number, unsigned, most significant first. */
export const unsigned = (bytes: Buffer): Node => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  const sign = (digits[0] ?? 0) & 0x80 ? [0] : [];
  return primitive(Type.INTEGER, Buffer.concat([Buffer.from(sign), digits]));
};

/** `unused`: how many of the last bits do not count. */
export const bits = (bytes: Buffer, unused = 0): Node =>
  primitive(Type.BITSTRING, Buffer.concat([Buffer.from([unused]), bytes]));

/** `[tag] EXPLICIT`. */
export const tagged = (tag: number, child: Node): Node =>
  forge.asn1.create(Class.CONTEXT_SPECIFIC, tag, true, [child]);

/** UTCTime until 2049, GeneralizedTime from then on, as RFC 5280 4.1.2.5 wants it. */
export const time = (at: Date): Node => {
  const digits = at.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  return at.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, Buffer.from(digits.slice(2)))
    : primitive(Type.GENERALIZEDTIME, Buffer.from(digits));
};

/** Kinds a reader asks for. */
export type Kind = 'sequence' | 'set' | 'oid' | 'octets' | 'bits' | 'integer' | 'boolean';

const TYPES: Record<Kind, forge.asn1.Type> = {
  sequence: Type.SEQUENCE,
  set: Type.SET,
  oid: Type.OID,
  octets: Type.OCTETSTRING,
  bits: Type.BITSTRING,
  integer: Type.INTEGER,
  boolean: Type.BOOLEAN,
};

export const is = (node: Node | undefined, kind: Kind): node is Node =>
  node?.tagClass === Class.UNIVERSAL &&
  node.type === TYPES[kind] &&
  node.constructed === (kind === 'sequence' || kind === 'set');

/** The node when it is of that kind; MalformedDer otherwise. */
export const expectKind = (node: Node | undefined, kind: Kind): Node => {
  if (!is(node, kind)) throw new MalformedDer(`no ${kind} where one must be`);
  return node;
};

export const isTagged = (node: Node | undefined, tag: number): node is Node => {
  const type: number | undefined = node?.type;
  return node?.tagClass === Class.CONTEXT_SPECIFIC && type === tag && node.constructed;
};

/** Children of a constructed node. */
export const children = (node: Node): readonly Node[] => {
  if (typeof node.value === 'string') throw new MalformedDer('a value where a structure must be');
  return node.value;
};

/** Children of a sequence or set that must be there. */
export const childrenOf = (node: Node | undefined, kind: 'sequence' | 'set'): readonly Node[] =>
  children(expectKind(node, kind));

/** Value bytes of a primitive node, without tag and length. */
export const bytesOf = (node: Node): Buffer => {
  if (typeof node.value !== 'string') throw new MalformedDer('a structure where a value must be');
  return Buffer.from(node.value, 'latin1');
};

export const dottedOf = (node: Node | undefined): string =>
  forge.asn1.derToOid(bytesOf(expectKind(node, 'oid')).toString('latin1'));

/** Text of a string node of any of the types names use. */
export const textOf = (node: Node): string => {
  if (typeof node.value !== 'string') throw new MalformedDer('no text where it must be');
  return node.type === Type.UTF8 ? bytesOf(node).toString('utf8') : node.value;
};
