/** A command or an event: a name for ever, and its data. */
export interface Message<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** Who caused an event: a user through the API, or one of our own services. */
export interface Actor {
  readonly userId: string | null;
  readonly userName: string | null;
  readonly projectId: string | null;
  readonly roles: readonly string[];
  /** `req-<uuid>` of the API request. */
  readonly requestId: string | null;
  /** Address of the client, when it came over the network. */
  readonly address: string | null;
  /** `user` through the API, else the name of the service. */
  readonly kind: 'user' | 'service';
}

/** Facts about an event that its decider does not look at. Stored beside it. */
export interface Metadata {
  /** The request this all began with. */
  readonly correlationId: string;
  /** The command or event that led here. */
  readonly causationId: string;
  /** Id of the command: the same command appends nothing the second time. */
  readonly commandId: string;
  readonly actor: Actor | null;
  /** Of the `Idempotency-Key` the command came with, if any. */
  readonly requestKey?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
}
