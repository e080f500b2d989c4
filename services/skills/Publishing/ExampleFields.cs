using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Publishing;

/// <summary>Holds a version's examples to its own schemas.</summary>
internal static class ExampleFields
{
    /// <summary>Refuses an example whose variables or whose expected answer the version itself would refuse.</summary>
    public static void Check(Skill skill)
    {
        for (var i = 0; i < skill.Examples.Count; i++)
        {
            var example = skill.Examples[i];
            if (skill.VariablesSchema is { } variables)
            {
                Require($"skill.examples[{i}].variables", JsonSchemaValidator.Validate(variables.ToJsonObject(), example.Variables?.ToJsonObject() ?? []));
            }

            // What an answer must contain need not be a whole answer.
            if (skill.OutputSchema is { } output && example is { ExpectedOutput: { } expected, Scoring: not ExampleScoring.Contains and not ExampleScoring.Judge })
            {
                Require($"skill.examples[{i}].expected_output", JsonSchemaValidator.Validate(output.ToJsonObject(), expected.ToJsonNode()));
            }
        }
    }

    private static void Require(string field, IReadOnlyList<ServiceDefaults.Schemas.SchemaViolation> violations)
    {
        if (violations.Count > 0)
        {
            throw SkillErrors.FieldInvalid([.. violations.Select(violation => (field + violation.InstancePath, violation.Message))]);
        }
    }
}
