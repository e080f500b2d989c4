using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;
using SchemaViolation = Mainstay.Skills.V1.SchemaViolation;

namespace Mainstay.Skills.Validating;

/// <summary>Says whether a value fits a version's output schema, in words that a model can act on.</summary>
internal sealed class ValidateOutput(GetSkill getSkill)
{
    public async Task<ValidateOutputResponse> ExecuteAsync(ValidateOutputRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var skill = await getSkill.ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken);
        var output = Output(request);
        var violations = skill.OutputSchema is { } schema ? JsonSchemaValidator.Validate(schema.ToJsonObject(), output) : [];
        return new ValidateOutputResponse
        {
            Valid = violations.Count == 0,
            Violations = { violations.Select(violation => new SchemaViolation { InstancePath = violation.InstancePath, Message = violation.Message }) },
        };
    }

    private static JsonNode? Output(ValidateOutputRequest request)
    {
        if (request.Output is null)
        {
            throw SkillErrors.FieldInvalid(("output", "is missing"));
        }

        try
        {
            return request.Output.ToJsonNode();
        }
        catch (FormatException exception)
        {
            throw SkillErrors.FieldInvalid(("output", exception.Message));
        }
    }
}
