import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '@jeroboam/eventing/decider';
import { given } from '@jeroboam/eventing/given';
import { template } from '../cluster/cluster.examples.js';
import { clusterTemplate, type ClusterTemplateCommand } from './decider.js';
import type { ClusterTemplateEvent, TemplateSpec } from './events.js';

const made: ClusterTemplateEvent = {
  type: 'TemplateCreated',
  data: { template, projectId: 'p1', userId: 'u1', at: 'noon' },
};
const gone: ClusterTemplateEvent = { type: 'TemplateDeleted', data: { at: 'later' } };

const change = (changes: Partial<TemplateSpec>, clusterCount = 0): ClusterTemplateCommand => ({
  type: 'ChangeTemplate',
  data: { changes, clusterCount, at: 'later' },
});
const changed = (changes: Partial<TemplateSpec>): ClusterTemplateEvent => ({
  type: 'TemplateChanged',
  data: { changes, at: 'later' },
});
const remove = (clusterCount = 0): ClusterTemplateCommand => ({
  type: 'DeleteTemplate',
  data: { clusterCount, at: 'later' },
});

const IN_USE = 'ClusterTemplate t1 is referenced by one or multiple clusters.';

describe('a template is created', () => {
  const create: ClusterTemplateCommand = { type: 'CreateTemplate', data: made.data };

  it('once', () => {
    given(clusterTemplate, []).when(create).then([made]);
  });

  it.each([
    ['another has', [made]],
    ['one had that was deleted', [made, gone]],
  ])('not with a uuid that %s', (_, history) => {
    given(clusterTemplate, history)
      .when({ ...create, data: { ...create.data, at: 'another time' } })
      .refused('conflict', 'A ClusterTemplate with UUID t1 already exists.');
  });
});

describe('a template created at the very same time', () => {
  it('is another one, if it is not the same in all', () => {
    const other = { ...template, name: 'other' };
    given(clusterTemplate, [made])
      .when({ type: 'CreateTemplate', data: { ...made.data, template: other } })
      .refused('conflict', 'A ClusterTemplate with UUID t1 already exists.');
  });
});

describe('a template that no cluster uses', () => {
  it('changes in whatever is different', () => {
    given(clusterTemplate, [made])
      .when(change({ name: 'k8s', imageId: 'ubuntu', labels: { a: '1' }, flavorId: null }))
      .then([changed({ imageId: 'ubuntu', labels: { a: '1' }, flavorId: null })]);
    expect(fold(clusterTemplate, [made, changed({ imageId: 'ubuntu' })])).toEqual({
      status: 'present',
      template: { ...template, imageId: 'ubuntu' },
      createdAt: 'noon',
      updatedAt: 'later',
    });
  });

  it('does not change when nothing is different', () => {
    given(clusterTemplate, [made])
      .when(change({ name: 'k8s', public: false, labels: {}, tags: null }))
      .then([]);
  });

  it('does not take the order of labels for a difference', () => {
    given(clusterTemplate, [made, changed({ labels: { a: '1', b: '2' } })])
      .when(change({ labels: { b: '2', a: '1' } }, 1))
      .then([]);
  });

  it('is deleted', () => {
    given(clusterTemplate, [made]).when(remove()).then([gone]);
    expect(fold(clusterTemplate, [made, gone])).toEqual({ status: 'deleted', uuid: 't1' });
  });
});

describe('a template in use', () => {
  it.each<[string, Partial<TemplateSpec>]>([
    ['renamed', { name: 'other' }],
    ['made nameless', { name: null }],
    ['published', { public: true }],
    ['hidden', { hidden: true }],
    ['tagged', { tags: 'a,b' }],
    ['renamed, where all else stays as it is', { name: 'other', coe: 'kubernetes', labels: {} }],
  ])('may be %s', (_, changes) => {
    expect(clusterTemplate.decide(change(changes, 1), fold(clusterTemplate, [made]))).toHaveLength(
      1,
    );
  });

  it('may be shown again', () => {
    given(clusterTemplate, [made, changed({ hidden: true })])
      .when(change({ hidden: false }, 1))
      .then([changed({ hidden: false })]);
  });

  it.each<[string, Partial<TemplateSpec>]>([
    ['given another image', { imageId: 'ubuntu' }],
    ['given other labels', { labels: { a: '1' } }],
    ['renamed and hidden at once', { name: 'other', hidden: true }],
    ['renamed and given another flavor', { name: 'other', flavorId: 'm1.large' }],
  ])('may not be %s', (_, changes) => {
    given(clusterTemplate, [made]).when(change(changes, 1)).refused('invalid', IN_USE);
  });

  it('may not be withdrawn from the public, nor lose its tags', () => {
    const open = [made, changed({ public: true, tags: 'a' })];
    given(clusterTemplate, open)
      .when(change({ public: false }, 1))
      .refused('invalid', IN_USE);
    given(clusterTemplate, open)
      .when(change({ tags: null }, 1))
      .refused('invalid', IN_USE);
  });

  it('changes in one harmless field or not at all', () => {
    const fields = fc.record(
      {
        name: fc.constantFrom('other', null),
        public: fc.constant(true),
        hidden: fc.constant(true),
        tags: fc.constantFrom('a', 'b'),
        imageId: fc.constant('ubuntu'),
        masterLbEnabled: fc.constant(true),
        dockerVolumeSize: fc.constant(5),
      },
      { requiredKeys: [] },
    );
    const harmless = ['name', 'public', 'hidden', 'tags'];
    fc.assert(
      fc.property(fields, fc.integer({ min: 1, max: 9 }), (changes, clusterCount) => {
        const given = Object.keys(changes);
        const isAllowed = given.length <= 1 && given.every((field) => harmless.includes(field));
        const decide = () =>
          clusterTemplate.decide(change(changes, clusterCount), fold(clusterTemplate, [made]));
        if (isAllowed) expect(decide()).toEqual(given.length === 0 ? [] : [changed(changes)]);
        else expect(decide).toThrow(IN_USE);
      }),
    );
  });

  it('is not deleted', () => {
    given(clusterTemplate, [made]).when(remove(3)).refused('invalid', IN_USE);
  });
});

describe('a template that is not there', () => {
  it('cannot be changed or deleted', () => {
    const none = given(clusterTemplate, []);
    none.when(change({ name: 'a' })).refused('not-found', 'ClusterTemplate could not be found.');
    none.when(remove()).refused('not-found', 'ClusterTemplate could not be found.');
  });

  it('was deleted: the same again is no fault, a change is', () => {
    given(clusterTemplate, [made, gone]).when(remove(1)).then([]);
    given(clusterTemplate, [made, gone])
      .when(change({ name: 'a' }))
      .refused('not-found', 'ClusterTemplate t1 could not be found.');
  });
});

describe('events that do not fit', () => {
  it.each<[string, ClusterTemplateEvent[]]>([
    ['a change of nothing', [changed({ name: 'a' })]],
    ['an end of nothing', [gone]],
  ])('change nothing: %s', (_, events) => {
    expect(fold(clusterTemplate, events)).toEqual({ status: 'absent' });
  });

  it('after the end change nothing', () => {
    const end = { status: 'deleted', uuid: 't1' };
    expect(fold(clusterTemplate, [made, gone, changed({ name: 'a' }), gone])).toEqual(end);
  });

  it('of an unknown type are passed over', () => {
    // What a later version may write.
    const unknown = { type: 'TemplateBlessed', data: null } as never;
    expect(fold(clusterTemplate, [made, unknown])).toEqual(fold(clusterTemplate, [made]));
  });
});
