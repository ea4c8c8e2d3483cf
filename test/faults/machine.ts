import { stepNames } from '../../lib/infra/step-function.ts';
import { synthesized } from '../infra/synthesized.ts';
import { templateOf } from '../rehearsal/template.ts';

/** The state machine as it is synthesized, and the step that each of its functions is. */
export function synthesizedMachine(): { readonly definition: unknown; stepOf(arn: string): string } {
  const { ofType } = synthesized('demo');
  const types = ['AWS::StepFunctions::StateMachine', 'AWS::Lambda::Function', 'AWS::S3::Bucket'];
  const resources = types.flatMap(ofType).map((resource) => [resource.id, resource] as const);
  const template = templateOf(Object.fromEntries(resources));
  const [machine] = template.ofType('AWS::StepFunctions::StateMachine');
  return {
    definition: JSON.parse(template.resolve(machine!.Properties.DefinitionString)),
    stepOf(arn) {
      const id = arn.slice(arn.lastIndexOf(':') + 1);
      const step = stepNames.find((name) => id.startsWith(`Pipeline${name.replace('-', '')}Function`));
      if (!step) throw new RangeError(`${arn} is no step`);
      return step;
    },
  };
}
