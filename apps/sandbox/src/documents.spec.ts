import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Documents, type Document } from './documents.js';

interface Pet extends Document {
  readonly name: string;
  readonly owner: string;
}

const rex: Pet = { id: '1', name: 'rex', owner: 'ann' };
const tom: Pet = { id: '2', name: 'tom', owner: 'ann' };

describe('documents', () => {
  it('are there again, in order, when the file is opened again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'state.sqlite');
    const first = new Documents(file);
    const pets = first.collection<Pet>('pet');
    pets.put(rex);
    pets.put(tom);
    pets.put({ ...rex, name: 'rexi' });
    first.close();
    const second = new Documents(file);
    expect(second.collection<Pet>('pet').all()).toEqual([{ ...rex, name: 'rexi' }, tom]);
    second.close();
    rmSync(folder, { recursive: true });
  });

  it('are found by a field, through changes and deletions', () => {
    const pets = new Documents(':memory:').collection<Pet>('pet');
    pets.put(rex);
    pets.put(tom);
    expect(pets.where('owner', 'ann')).toEqual([rex, tom]);
    pets.patch(tom, { owner: 'bob' });
    expect(pets.where('owner', 'ann')).toEqual([rex]);
    expect(pets.where('owner', 'bob')).toEqual([{ ...tom, owner: 'bob' }]);
    pets.delete('1');
    expect(pets.where('owner', 'ann')).toEqual([]);
  });

  it('of a transaction that throws are as they were', () => {
    const documents = new Documents(':memory:');
    const pets = documents.collection<Pet>('pet');
    pets.put(rex);
    pets.where('owner', 'ann');
    expect(() =>
      documents.transaction(() => {
        pets.put(tom);
        pets.delete('1');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(pets.all()).toEqual([rex]);
    expect(pets.where('owner', 'ann')).toEqual([rex]);
  });

  it('are gone after a clear', () => {
    const documents = new Documents(':memory:');
    const pets = documents.collection<Pet>('pet');
    pets.put(rex);
    documents.clear();
    expect(pets.all()).toEqual([]);
    expect(pets.get('1')).toBeUndefined();
  });
});
