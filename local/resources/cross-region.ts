import { mapOf, Providers, textMapOf } from './provider';

/**
 * How the CDK hands values from a stack in one Region to one in another (`crossRegionReferences`): its writer puts them into parameters of the
 * other Region, its reader takes them from there. Here all Regions share their parameters, and what the two functions do is done in their place.
 */
export const crossRegionProviders: Providers = {
  'Custom::CrossRegionExportWriter': async ({ resource, world }) => {
    const values = textMapOf(mapOf(resource.properties, 'WriterProps'), 'exports');
    for (const [name, value] of Object.entries(values)) await world.services.create(parameter(resource.key, resource.stackName, name, value));
    return { ref: resource.generatedName, attributes: {} };
  },
  'Custom::CrossRegionExportReader': ({ resource }) => ({
    ref: resource.generatedName,
    // Its template names each as {{resolve:ssm:...}}, which is the value by now.
    attributes: textMapOf(mapOf(resource.properties, 'ReaderProps'), 'imports'),
  }),
};

/** The functions behind the two are never called here, so they need no Node of their version. */
export function isCrossRegionHelper(logicalId: string): boolean {
  return /^CustomCrossRegionExport(Reader|Writer)CustomResourceProviderHandler/.test(logicalId);
}

const parameter = (key: string, stackName: string, name: string, value: string) => ({
  key: `${key}${name}`, stackName, logicalId: name, type: 'AWS::SSM::Parameter', generatedName: name,
  properties: { Name: name, Type: 'String', Value: value },
});
