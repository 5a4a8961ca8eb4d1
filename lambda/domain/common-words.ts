/**
 * What people begin a password with, shorter than what the embedded list of passwords takes up: words of computing, greetings, names, animals, teams,
 * months, keys in a row. A word that is in no such habit does not belong here, since every one makes passphrases out of it cheaper.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(`
123 321 111 000 007 666 777 abc abcd xyz qaz wsx qwe qwer asd zxc aaa xxx azerty qwerty qwertz asdf zxcv
access account admin administrator alpha apple backup bitch boss change changeme chrome cisco cloud code company computer
default demo enter facebook foobar forgot free google guest hack hacker hello hi internet iphone laptop linux login logon mail manager
master microsoft mobile monitor mysql network office online oracle pass passe passphrase passwort passwd password passcode phone please private
root samsung school secret secure security server service setup site support system temp temporary test tester testing unlock update user username web welcome
windows winner work yahoo youtube
and are baby best big boy can dog day end for fun get girl god good great have her his hot how ilove iloveyou is it its kiss let letmein life
like little live love lovely lover loves lucky me my mine more new next nice not now off one our out red rock sex sexy she show sorry star sun super sweet
thank thanks that the them then this time today top trust two use very was what who why will with word yes you your
angel babygirl beauty butterfly candy cookie cool crazy dream dreams family fire flower forever freedom friend friends funny happy heart heaven home honey hunter
jesus king knight lady legend light magic man money moon mother music ninja peace pirate player power prince princess queen rainbow rocket shadow
silver gold golden black blue green orange pink purple white yellow brown diamond
snow spirit storm summer winter spring autumn fall sunshine sunday monday tuesday wednesday thursday friday saturday
january february march april may june july august september october november december
bear buster cat chicken dragon eagle eagles falcon fish fox horse kitty lion monkey mouse panda panther puppy rabbit shark snake spider tiger tigger turtle wolf
arsenal barcelona baseball basketball celtic chelsea cowboys fcbarcelona football golf hockey juventus lakers liverpool madrid manchester packers pokemon
raiders rangers redsox soccer steelers united yankees batman superman starwars spiderman naruto minecraft matrix merlin killer gandalf
america amsterdam berlin boston brazil california canada chicago china dallas england florida france germany india italy japan london mexico moscow newyork paris
russia spain sydney texas tokyo vegas
alex alexander amanda andrea andrew angela anthony ashley austin barbara brandon brian carlos charlie chelsea chris christian claudia daniel david
dennis diana eric frank george hannah harley heather jack jackson jacob james jasmine jason jennifer jessica john johnny jonathan jordan joseph joshua
justin karen kevin laura lisa maggie maria marina mark martin matthew melissa michael michelle mike molly monica nathan nicholas nicole
oliver patrick peter pepper rachel rebecca richard robert samantha sandra sarah scott sophie stephen steven taylor thomas tom victoria vincent william
banana beer cheese chocolate coffee ferrari fuck fucking fuckyou ginger guitar hammer honda jaguar mercedes mustang nike panties
porsche pussy toyota whatever world zombie
amor bonjour casa contrasena contraseña gatto hallo hola motdepasse parola parol passw0rt salut schatz sommer senha soleil teamo tequiero heslo haslo geheim
`.trim().split(/\s+/));
