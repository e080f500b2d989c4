using Grpc.Core;
using Mainstay.ServiceDefaults.Errors;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;
using SchemaViolation = Mainstay.ServiceDefaults.Schemas.SchemaViolation;

namespace Mainstay.Skills;

/// <summary>Every refusal of the skill registry.</summary>
internal static class SkillErrors
{
    public static RpcException SkillNotFound(string skillName, string version) => ServiceError.Create(
        StatusCode.NotFound,
        SkillErrorReason.SkillNotFound,
        version.Length == 0
            ? $"There is no skill '{skillName}' with a released version. List the skills with ListSkills."
            : $"There is no version {version} of the skill '{skillName}'. List the skills with ListSkills.",
        ("skill_name", skillName),
        ("version", version));

    public static RpcException VersionExists(string skillName, string version) => ServiceError.Create(
        StatusCode.AlreadyExists,
        SkillErrorReason.VersionExists,
        $"Version {version} of the skill '{skillName}' is published with other content, and versions never change. Publish under a new version.",
        ("skill_name", skillName),
        ("version", version));

    public static RpcException RequestIdReused(string requestId) => ServiceError.Create(
        StatusCode.AlreadyExists,
        SkillErrorReason.RequestIdReused,
        $"The request_id {requestId} was used for another request. Choose a new one.",
        ("request_id", requestId));

    public static RpcException FieldInvalid(params (string Field, string Description)[] violations) => ServiceError.InvalidArgument(
        SkillErrorReason.FieldInvalid,
        string.Join(' ', violations.Select(violation => $"{violation.Field}: {violation.Description}.")),
        violations);

    public static RpcException TemplateInvalid(string field, TemplateException exception) => ServiceError.InvalidArgument(
        SkillErrorReason.TemplateInvalid,
        $"The prompt template fails at {exception.Message}.",
        (field, exception.Message));

    public static RpcException SchemaInvalid(string field, IReadOnlyList<SchemaViolation> violations) => ServiceError.InvalidArgument(
        SkillErrorReason.SchemaInvalid,
        $"The value of {field} is no JSON Schema (draft 2020-12). {Sentences(field, violations)}",
        Fields(field, violations));

    public static RpcException VariablesInvalid(IReadOnlyList<SchemaViolation> violations) => ServiceError.InvalidArgument(
        SkillErrorReason.VariablesInvalid,
        $"The variables do not fit the skill's variables_schema. {Sentences("variables", violations)}",
        Fields("variables", violations));

    public static RpcException ScopeMissing(string scope) => ServiceError.Create(
        StatusCode.PermissionDenied,
        SkillErrorReason.ScopeMissing,
        $"This needs the scope '{scope}', which the token does not hold.",
        ("scope", scope));

    private static string Sentences(string field, IReadOnlyList<SchemaViolation> violations) =>
        string.Join(' ', violations.Select(violation => $"{field}{violation.InstancePath}: {violation.Message}."));

    private static (string Field, string Description)[] Fields(string field, IReadOnlyList<SchemaViolation> violations) =>
        [.. violations.Select(violation => (field + violation.InstancePath, violation.Message))];
}
