using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Comparing;

/// <summary>Says whether new schemas keep what a version promises.</summary>
internal sealed class CheckCompatibility(GetSkill getSkill)
{
    public async Task<CheckCompatibilityResponse> ExecuteAsync(CheckCompatibilityRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var old = await getSkill.ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken);
        var differences = request.CandidateCase switch
        {
            CheckCompatibilityRequest.CandidateOneofCase.CandidateVersion =>
                Compatibility.Differences(old, await getSkill.ExecuteAsync(request.SkillName, request.CandidateVersion, caller, cancellationToken)),
            CheckCompatibilityRequest.CandidateOneofCase.CandidateSchemas => Differences(old, request.CandidateSchemas),
            _ => throw SkillErrors.FieldInvalid(("candidate", "is missing: name a version or give schemas")),
        };
        return new CheckCompatibilityResponse { Compatible = differences.Count == 0, Differences = { differences } };
    }

    private static IReadOnlyList<SchemaDifference> Differences(Skill old, CandidateSchemas candidate)
    {
        CheckSchema("candidate_schemas.output_schema", candidate.OutputSchema);
        CheckSchema("candidate_schemas.variables_schema", candidate.VariablesSchema);
        return Compatibility.Differences(old.VariablesSchema, candidate.VariablesSchema, old.OutputSchema, candidate.OutputSchema);
    }

    private static void CheckSchema(string field, Struct? schema)
    {
        if (schema is not null && JsonSchemaValidator.CheckSchema(schema.ToJsonObject()) is { Count: > 0 } violations)
        {
            throw SkillErrors.SchemaInvalid(field, violations);
        }
    }
}
