import { Int, Nested, NestedList, OneOf, Text, Time } from '../http/body/fields.js';
import { represent } from '../http/body/represent.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { wireTime } from '../reads/wire.js';
import { DifferenceDto, differences } from './differences.js';
import type { Turn } from './past.js';
import { summaryOf } from './summaries.js';

/** Who did something. */
export class InitiatorDto {
  @OneOf(['user', 'service'])
  kind!: string;

  @Text()
  user_id!: string | null;

  @Text({ description: 'Of a service of ours: its name.' })
  user_name!: string | null;

  @Text({ description: 'Project the user acted in.' })
  project_id!: string | null;
}

/** Something that happened to a cluster. */
export class EventDto {
  @Int({ description: 'Place in the history of the cluster, from 0. Taken as marker.' })
  number!: number;

  @Text({ description: 'Never the same twice.' })
  id!: string;

  @Text({ example: 'ResizeRequested' })
  type!: string;

  @Text({ example: 'Resize of default-worker to 3 asked for' })
  summary!: string;

  @Time({ description: 'When.' })
  at!: string;

  @Nested(() => InitiatorDto, { description: 'Null when it is not known.' })
  initiator!: InitiatorDto | null;

  @Text({ description: 'The request of the user, when there was one.' })
  request_id!: string | null;

  @Text({ description: 'What all began with that led here: a request.' })
  correlation_id!: string;

  @Text({ description: 'The command or the event that led here.' })
  causation_id!: string;

  @NestedList(() => DifferenceDto, { description: 'What clients see differ since.' })
  changes!: DifferenceDto[];
}

const initiatorOf = ({ recorded }: Turn): object | null => {
  const { actor } = recorded.metadata;
  if (actor === null) return null;
  const { kind, userId, userName, projectId } = actor;
  return { kind, user_id: userId, user_name: userName, project_id: projectId };
};

/** An event as clients see it. */
export const toResponse = (turn: Turn, reader: RequestContext): Record<string, unknown> => {
  const { recorded, event, before, after } = turn;
  const { metadata, id, revision } = recorded;
  const values = {
    number: revision,
    id,
    type: event.type,
    summary: summaryOf(turn),
    at: wireTime(event.data.at),
    initiator: initiatorOf(turn),
    request_id: metadata.actor?.requestId ?? null,
    correlation_id: metadata.correlationId,
    causation_id: metadata.causationId,
    changes: differences(before, after, reader),
  };
  return represent<object>(EventDto, values, reader.microversion);
};
