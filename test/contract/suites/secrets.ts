import { randomUUID } from 'node:crypto';
import { VersionedSecret } from '../../../lambda/ports/keys';

/** A secret without any version, and the start of a rotation as Secrets Manager does it. */
export interface SecretUnderTest {
  readonly secrets: VersionedSecret;
  readonly secretId: string;
}

/** What every `VersionedSecret` holds: the rotation builds on each of these. */
export function describeVersionedSecret(name: string, make: () => Promise<SecretUnderTest>): void {
  describe(`VersionedSecret of ${name}`, () => {
    let secrets: VersionedSecret;
    let secretId: string;
    beforeEach(async () => {
      ({ secrets, secretId } = await make());
    });

    async function labelled(label: string): Promise<string[]> {
      const { stages } = await secrets.describe(secretId);
      return [...stages].filter(([, labels]) => labels.includes(label)).map(([id]) => id);
    }

    async function put(value: string, stages: string[], id: string = randomUUID()): Promise<string> {
      expect(await secrets.put(secretId, id, value, stages)).toBe('stored');
      return id;
    }

    test('holds nothing at first', async () => {
      expect(await secrets.read(secretId, { stage: 'AWSCURRENT' })).toBeUndefined();
      expect(await secrets.read(secretId, { versionId: randomUUID() })).toBeUndefined();
      expect((await secrets.describe(secretId)).stages.size).toBe(0);
    });

    test('gives back a version by label and by id', async () => {
      const id = await put('one', ['AWSCURRENT']);
      expect(await secrets.read(secretId, { stage: 'AWSCURRENT' })).toEqual({ versionId: id, value: 'one' });
      expect(await secrets.read(secretId, { versionId: id })).toEqual({ versionId: id, value: 'one' });
    });

    test('a put repeated is stored, another value under the same id is not', async () => {
      const id = await put('one', ['AWSCURRENT']);
      expect(await secrets.put(secretId, id, 'one', ['AWSCURRENT'])).toBe('stored');
      expect(await secrets.put(secretId, id, 'two', ['AWSCURRENT'])).toBe('exists');
      expect((await secrets.read(secretId, { versionId: id }))?.value).toBe('one');
    });

    test('a label stands on one version; AWSPREVIOUS follows AWSCURRENT', async () => {
      const one = await put('one', ['AWSCURRENT']);
      const two = await put('two', ['AWSPENDING']);
      expect(await secrets.moveStage(secretId, 'AWSCURRENT', two, one)).toBe('moved');
      expect(await labelled('AWSCURRENT')).toEqual([two]);
      expect(await labelled('AWSPREVIOUS')).toEqual([one]);
      expect(await labelled('AWSPENDING')).toEqual([two]);
      const three = await put('three', ['AWSPENDING']);
      expect(await labelled('AWSPENDING')).toEqual([three]);
    });

    test('moving a label compares first', async () => {
      const one = await put('one', ['AWSCURRENT']);
      const two = await put('two', ['AWSPENDING']);
      const three = await put('three', ['OTHER']);
      expect(await secrets.moveStage(secretId, 'AWSCURRENT', three, two)).toBe('elsewhere');
      expect(await secrets.moveStage(secretId, 'AWSCURRENT', three, undefined)).toBe('elsewhere');
      expect(await labelled('AWSCURRENT')).toEqual([one]);
      expect(await secrets.moveStage(secretId, 'AWSCURRENT', two, one)).toBe('moved');
      // Repeated after a lost response.
      expect(await secrets.moveStage(secretId, 'AWSCURRENT', two, one)).toBe('moved');
      expect(await secrets.moveStage(secretId, 'AWSCURRENT', three, one)).toBe('elsewhere');
      expect(await labelled('AWSCURRENT')).toEqual([two]);
    });

    test('a label can be taken off, twice', async () => {
      await put('one', ['AWSCURRENT']);
      const two = await put('two', ['AWSPENDING']);
      expect(await secrets.moveStage(secretId, 'AWSPENDING', undefined, two)).toBe('moved');
      expect(await secrets.moveStage(secretId, 'AWSPENDING', undefined, two)).toBe('moved');
      expect(await labelled('AWSPENDING')).toEqual([]);
      expect((await secrets.describe(secretId)).stages.has(two)).toBe(false);
      expect((await secrets.read(secretId, { versionId: two }))?.value).toBe('two');
    });

    test('a rotation begins with an empty pending version, which can be filled', async () => {
      await put('one', ['AWSCURRENT']);
      expect(await secrets.startRotation(secretId)).toBe('started');
      const [token] = await labelled('AWSPENDING');
      expect(await secrets.read(secretId, { versionId: token! })).toBeUndefined();
      await put('two', ['AWSPENDING'], token);
      expect(await secrets.read(secretId, { stage: 'AWSPENDING' })).toEqual({ versionId: token, value: 'two' });
      expect((await secrets.describe(secretId)).rotationEnabled).toBe(true);
    });

    test('one that has not ended stands in the way of the next', async () => {
      const one = await put('one', ['AWSCURRENT']);
      await secrets.startRotation(secretId);
      expect(await secrets.startRotation(secretId)).toBe('in_progress');
      const [token] = await labelled('AWSPENDING');
      await put('two', ['AWSPENDING'], token);
      expect(await secrets.startRotation(secretId)).toBe('in_progress');
      await secrets.moveStage(secretId, 'AWSCURRENT', token, one);
      expect(await secrets.startRotation(secretId)).toBe('started');
    });
  });
}
