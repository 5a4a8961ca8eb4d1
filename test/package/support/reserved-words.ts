import type { ApiType, Assembly, Callable } from './public-api';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

const JAVASCRIPT = words(`
  arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in
  instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield`);
/** What every function has, and thereby every class: statics of these names hide it, or cannot be made. */
const OF_JAVASCRIPT_CLASSES = words('apply arguments bind call caller length name prototype toString');
const PYTHON = words(`
  False None True and as assert async await break class cls continue def del elif else except finally for from global if import in is lambda nonlocal not or pass
  raise return self try while with yield`);
const JAVA = words(`
  abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for goto if implements import
  instanceof int interface long native new null package private protected public return short static strictfp super switch synchronized this throw throws transient
  true try void volatile while`);
const OF_JAVA_OBJECTS = words('clone equals finalize getClass hashCode notify notifyAll toString wait');
const CSHARP = words(`
  abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed
  float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private protected public readonly
  ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using value virtual void
  volatile while`);
const OF_CSHARP_OBJECTS = words('Equals Finalize GetHashCode GetType MemberwiseClone ReferenceEquals ToString');
const GO = words(`
  break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var
  append bool byte cap close complex complex128 complex64 copy delete error false float32 float64 imag int int16 int32 int64 int8 iota len make new nil panic real
  recover rune string true uint uint16 uint32 uint64 uint8 uintptr`);
/** Methods by which Go's own packages print a value or take it for an error. */
const OF_GO_VALUES = words('Error Format GoString String');

/** By the names under which the compiler of jsii and its generators know the languages. */
export const KEYWORDS: Readonly<Record<string, ReadonlySet<string>>> = { JavaScript: JAVASCRIPT, Python: PYTHON, Java: JAVA, 'C#': CSHARP, Go: GO };

const pascal = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}`;
const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').toLowerCase();

/** Languages in which a type, or an enum's member, cannot have its name. */
const ofType = (name: string): string[] => Object.keys(KEYWORDS).filter((language) => KEYWORDS[language]!.has(name));

const ofParameter = (name: string): string[] =>
  Object.keys(KEYWORDS).filter((language) => KEYWORDS[language]!.has(language === 'Python' ? snake(name) : name));

/** Members are written in Pascal case in C# and Go, where no keyword is. */
const ofMember = (name: string, kind: { readonly static?: boolean; readonly method: boolean; readonly datatype: boolean }): string[] => [
  ...PYTHON.has(snake(name)) ? ['Python'] : [],
  // Builders of structs end with build().
  ...JAVA.has(name) || (kind.method && OF_JAVA_OBJECTS.has(name)) || (kind.datatype && name === 'build') ? ['Java'] : [],
  ...OF_CSHARP_OBJECTS.has(pascal(name)) ? ['C#'] : [],
  ...!kind.static && OF_GO_VALUES.has(pascal(name)) ? ['Go'] : [],
  ...kind.static && OF_JAVASCRIPT_CLASSES.has(name) ? ['JavaScript'] : [],
];

/** Names that some language has for itself, so that its users meet them with another spelling: `doBoolean`, `from_`, `@event`. A line each. */
export function collisionsOf(assembly: Assembly): string[] {
  const types = assembly.types ?? {};
  return Object.values(types).flatMap((type) => [
    ...said(type.name, ofType(type.name)),
    ...(type.members ?? []).flatMap(({ name }) => said(`${type.name}.${name}`, ofType(name))),
    ...(type.properties ?? []).flatMap(({ name, static: isStatic }) =>
      said(`${type.name}.${name}`, ofMember(name, { static: isStatic, method: false, datatype: type.datatype === true }))),
    ...(type.methods ?? []).flatMap((method) => [
      ...method.overrides === undefined ? said(`${type.name}.${method.name}`, ofMember(method.name, { static: method.static, method: true, datatype: false })) : [],
      ...parametersOf(types, `${type.name}.${method.name}`, method),
    ]),
    ...parametersOf(types, `new ${type.name}`, type.initializer ?? {}),
  ]).sort();
}

const said = (place: string, languages: string[]): string[] => (languages.length === 0 ? [] : [`${place}: another name in ${languages.join(', ')}`]);

/** Python takes the members of a last struct as keyword arguments, beside the parameters before it. */
function parametersOf(types: NonNullable<Assembly['types']>, place: string, { parameters = [] }: Callable): string[] {
  const last = parameters.at(-1);
  const lifted = last && 'fqn' in last.type && types[last.type.fqn]?.datatype ? membersOf(types, types[last.type.fqn]!) : [];
  return parameters.flatMap(({ name }) => [
    ...said(`${place}(${name})`, ofParameter(name)),
    ...lifted.includes(name) ? [`${place}(${name}): named like a member of ${last!.name}, another name in Python`] : [],
  ]);
}

function membersOf(types: NonNullable<Assembly['types']>, type: ApiType): string[] {
  return [...(type.properties ?? []).map(({ name }) => name), ...(type.interfaces ?? []).flatMap((fqn) => (types[fqn] ? membersOf(types, types[fqn]) : []))];
}
