import { isPredictablePassword } from '../../../lambda/domain/predictable-passwords';

describe('PW-06 PW-12 listed words put together', () => {
  test.each([
    'Password123456!', 'P@ssw0rd1234567', 'Passw0rd12345678', 'Password@1234567', 'Pa$$w0rd12345678', 'password!2345678', 'Password2026!!!!',
    'Welcome12345678!', 'Admin1234567890!', 'administrator1234', 'mypassword123456', 'changemenowplease', 'Monkey123456789!', 'abcd1234abcd1234!',
    'asdf1234asdf1234!', 'Qwerty123456789!', 'QwertyQwerty123!', 'Qwerty!234567890', 'qwertyuiop12345!', '123456789012345a', 'a123456789012345',
    'Summer2026Summer', 'Summer2026!!!!!!', 'Winter2025Winter2026', 'January20261234!', 'drowssap12345678', 'P4ssw0rd!P4ssw0rd!', 'Passw0rd-Passw0rd',
    'test1234test1234', 'Test!Test!Test!1', 'Liverpool1234567', 'Superman12345678', 'letmeinletmein12', 'letmein!12345678', 'iloveyou12345678',
    'ILoveYou2026!!!!', 'password01012000', '1q2w3e4rPassword', 'zaq12wsxPassword', 'football20262026', 'correcthorsebatterystaple!1', 'Hello12345World!',
    'Master1234567890', 'Dragon!!!!!!!!12', 'trustno1trustno1', 'adminadminadmin1', 'root1234root1234',
    'motdepasse123456', 'Passwort12345678', 'abc123abc123abc!',
  ])('%s is refused', (password) => expect(isPredictablePassword(password)).toBe(true));
});

describe('PW-03 what takes guessing is left alone', () => {
  test.each([
    'glacier tulip marmot sonata', 'another long enough passphrase', 'copper tractor violin', 'my cat eats blue yogurt', 'walnut-helmet-drizzle',
    'fjord quartz banjo', 'The heron waits by the lock', 'seven grumpy plumbers', 'tapir umbrella kelp', 'we moved here in the rain', 'lantern oxide pelican',
    'Zucchini am Dienstag', 'mon velo est sous la pluie', 'el perro come sandia', 'paraply under bordet', 'Drei Ruderboote im Nebel', 'kaputte Regenrinne links',
    'notebook sandal ferry 8', 'Quiet.Harbour.Bench', 'brittle moss on granite', 'sixteen tonnes of gravel', 'the plumber left at noon',
    'purple coffee summer bicycle', 'football is boring on radio', 'monkey wrench in the attic', 'dragon fruit and oatmeal', 'password managers annoy uncles',
    'welcome mats collect dust', 'summer in Tromso is short', 'our old admin retired to Fife', 'hunter gatherers ate lentils', 'I love my grumpy heron',
    'k7#mQz!v2Lw9xRt', 'xK9password!vQ3z', 'vhw4-admin-29fkq', 'q8ZrmonkeyT5w!cL', 'Jx2026vKq8!wmRz', 'tbtmqhwyzkrnvxs', '7f3a9c1e5b8d2046', '839204715563928',
    'b3e1-77f0-4c2a-91d8', '3x-Tulip-9-Ember', 'r2d2 mowed my lawn', 'eggs;ham;zinc;49', 'Wdhmb,wsndJ1994?', 'Tmb1w9tJhp&ihs!c', '道可道非常道名可名非常名無名天地',
    'мой кот ест огурцы', 'ψωμί και ελιές το πρωί', 'ビールを三本ください、冷たいのを', 'naïve façade über smörgås',
  ])('%s is accepted', (password) => expect(isPredictablePassword(password)).toBe(false));
});

test('PW-02 the greatest password is looked at in a bounded number of steps', () => {
  // Nothing but pieces at every place. That it ends is the test; with a search over all ways to take it apart it would not.
  for (const unit of ['a', 'aA4@', 'password', '1q2w', 'ab', '0o']) {
    expect(isPredictablePassword(unit.repeat(128).slice(0, 127) + 'é')).toBe(true);
  }
});
