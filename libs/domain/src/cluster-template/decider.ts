import { Refused, type Decider } from '@jeroboam/eventing/decider';
import type { Message } from '@jeroboam/eventing/message';
import { isSame } from '../equality.js';
import type { ClusterTemplateEvent, TemplateSnapshot, TemplateSpec } from './events.js';

export type ClusterTemplateCommand =
  | Message<
      'CreateTemplate',
      {
        readonly template: TemplateSnapshot;
        readonly projectId: string | null;
        readonly userId: string | null;
        readonly at: string;
      }
    >
  | Message<
      'ChangeTemplate',
      {
        readonly changes: Partial<TemplateSpec>;
        /** Clusters made from it, of any project. */
        readonly clusterCount: number;
        readonly at: string;
      }
    >
  | Message<'DeleteTemplate', { readonly clusterCount: number; readonly at: string }>;

export type ClusterTemplateState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'present';
      readonly template: TemplateSnapshot;
      readonly createdAt: string;
      readonly updatedAt: string | null;
    }
  | { readonly status: 'deleted'; readonly uuid: string };

/** Rules of cluster templates. */
export const clusterTemplate: Decider<
  ClusterTemplateState,
  ClusterTemplateCommand,
  ClusterTemplateEvent
> = {
  initialState: { status: 'absent' },
  decide(command, state) {
    switch (command.type) {
      case 'CreateTemplate':
        return create(command.data, state);
      case 'ChangeTemplate':
        return change(command.data, state);
      case 'DeleteTemplate':
        return remove(command.data, state);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'TemplateCreated':
        return {
          status: 'present',
          template: event.data.template,
          createdAt: event.data.at,
          updatedAt: null,
        };
      case 'TemplateChanged':
        return state.status === 'present'
          ? {
              ...state,
              template: { ...state.template, ...event.data.changes },
              updatedAt: event.data.at,
            }
          : state;
      case 'TemplateDeleted':
        return state.status === 'present'
          ? { status: 'deleted', uuid: state.template.uuid }
          : state;
      default:
        return state;
    }
  },
};

type DataOf<Type extends ClusterTemplateCommand['type']> = Extract<
  ClusterTemplateCommand,
  { type: Type }
>['data'];

const create = (
  data: DataOf<'CreateTemplate'>,
  state: ClusterTemplateState,
): readonly ClusterTemplateEvent[] => {
  if (state.status === 'absent') return [{ type: 'TemplateCreated', data }];
  if (isSameRequest(data, state)) return [];
  throw new Refused(
    'conflict',
    `A ClusterTemplate with UUID ${data.template.uuid} already exists.`,
  );
};

/** Times alone do not tell: two requests may come within one millisecond. */
const isSameRequest = (
  { template, at }: DataOf<'CreateTemplate'>,
  state: ClusterTemplateState,
): boolean =>
  state.status === 'present' && state.createdAt === at && isSame(state.template, template);

const change = (
  { changes, clusterCount, at }: DataOf<'ChangeTemplate'>,
  state: ClusterTemplateState,
): readonly ClusterTemplateEvent[] => {
  const { template } = present(state);
  const real = differences(template, changes);
  if (Object.keys(real).length === 0) return [];
  if (clusterCount > 0 && !isHarmless(real)) throw inUse(template.uuid);
  return [{ type: 'TemplateChanged', data: { changes: real, at } }];
};

const remove = (
  { clusterCount, at }: DataOf<'DeleteTemplate'>,
  state: ClusterTemplateState,
): readonly ClusterTemplateEvent[] => {
  if (state.status === 'deleted') return [];
  const { template } = present(state);
  if (clusterCount > 0) throw inUse(template.uuid);
  return [{ type: 'TemplateDeleted', data: { at } }];
};

const present = (state: ClusterTemplateState) => {
  if (state.status === 'present') return state;
  const which = state.status === 'deleted' ? ` ${state.uuid}` : '';
  throw new Refused('not-found', `ClusterTemplate${which} could not be found.`);
};

const inUse = (uuid: string): Refused =>
  new Refused('invalid', `ClusterTemplate ${uuid} is referenced by one or multiple clusters.`);

const differences = (
  template: TemplateSnapshot,
  changes: Partial<TemplateSpec>,
): Partial<TemplateSpec> =>
  Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => !isSame(value, template[field as keyof TemplateSpec]),
    ),
  );

/** With clusters on it, a template may be renamed, published, hidden or tagged: one at a time. */
const isHarmless = (changes: Partial<TemplateSpec>): boolean => {
  const [[field, value] = [], ...others] = Object.entries(changes);
  if (field === undefined || others.length > 0) return false;
  if (field === 'public') return value === true;
  if (field === 'tags') return value !== null;
  return field === 'name' || field === 'hidden';
};
