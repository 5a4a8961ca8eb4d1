export const PASSWORD = 'glacier tulip marmot sonata 42';
