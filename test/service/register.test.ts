import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

describe('registration', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } });
  });

  afterAll(stopServices);

  test('T01 ID-01 fifty parallel registrations of one address in five spellings make one account', async () => {
    const spellings = ['race@example.com', 'RACE@example.com', 'Race@Example.com', 'race@EXAMPLE.COM', 'rAcE@eXaMpLe.CoM'];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => service.post('/register', { email: spellings[index % 5], password: PASSWORD })));
    const created = answers.filter(({ status }) => status === 201);
    expect(created).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
    // AND it is one user with the uid that was answered
    const found = await service.admin({ action: 'find', email: 'race@example.com' });
    expect(found.users.map(({ uid }: { uid: string }) => uid)).toEqual([created[0]!.body.sub]);
    expect(service.audit('registration_succeeded')).toHaveLength(1);
  });
});
