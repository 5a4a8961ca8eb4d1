import { OriginHeader } from '../../../lambda/ports/origin';

/** A distribution that sends `first`, and what it sends now, seen from outside of the port. */
export interface DistributionUnderTest {
  readonly header: OriginHeader;
  readonly sent: () => string;
}

/** What every `OriginHeader` holds: the rotation of the origin secret builds on each of these. */
export function describeOriginHeader(name: string, make: (first: string) => Promise<DistributionUnderTest>): void {
  describe(`OriginHeader of ${name}`, () => {
    const [OLD, NEW] = ['old'.repeat(20), 'new'.repeat(20)] as [string, string];

    test('says what is sent', async () => {
      const { header } = await make(OLD);
      expect(await header.values()).toEqual([OLD]);
    });

    test('sends another value and answers with the one before; repeated without effect', async () => {
      const { header, sent } = await make(OLD);
      expect(await header.send(NEW)).toEqual([OLD]);
      expect(sent()).toBe(NEW);
      expect(await header.send(NEW)).toEqual([NEW]);
      expect(await header.values()).toEqual([NEW]);
    });

    test('several at once end with one value', async () => {
      const { header, sent } = await make(OLD);
      await Promise.all([header.send(NEW), header.send(NEW), header.send(NEW)]);
      expect(sent()).toBe(NEW);
    });
  });
}
