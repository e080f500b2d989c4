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

    public static RpcException NotOwner(string skillName, string ownerTeam) => ServiceError.Create(
        StatusCode.PermissionDenied,
        SkillErrorReason.NotOwner,
        $"The skill '{skillName}' belongs to the team '{ownerTeam}', which alone may change it. Ask them, or register yours under another name.",
        ("skill_name", skillName),
        ("owner_team", ownerTeam));

    public static RpcException StateConflict(string skillName, string version, string state, string wanted) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.StateConflict,
        $"Version {version} of the skill '{skillName}' is {state}, from where it cannot become {wanted}. A version goes from draft to published, deprecated and withdrawn, and never back.",
        ("skill_name", skillName),
        ("version", version),
        ("state", state));

    public static RpcException AliasTarget(string skillName, string version, string state) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.StateConflict,
        $"Version {version} of the skill '{skillName}' is {state}, and an alias points only at what is published or deprecated.",
        ("skill_name", skillName),
        ("version", version),
        ("state", state));

    public static RpcException DraftChanged(string skillName, string version, string digest) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.StateConflict,
        $"The draft {version} of the skill '{skillName}' is not the one with the given digest any more; it has {digest} now. Review it again.",
        ("skill_name", skillName),
        ("version", version),
        ("digest", digest));

    public static RpcException VersionWithdrawn(string skillName, string version, string reason) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.VersionWithdrawn,
        $"Version {version} of the skill '{skillName}' is withdrawn and for no new use: {reason}",
        ("skill_name", skillName),
        ("version", version),
        ("reason", reason));

    public static RpcException NothingFits(string skillName, string reference) => ServiceError.Create(
        StatusCode.NotFound,
        SkillErrorReason.NothingFits,
        $"No version of the skill '{skillName}' fits {reference}. List its versions with ListVersions; a pre-release fits only a range that names one of the same numbers.",
        ("skill_name", skillName),
        ("reference", reference));

    public static RpcException AliasNotFound(string skillName, string alias) => ServiceError.Create(
        StatusCode.NotFound,
        SkillErrorReason.NothingFits,
        $"The skill '{skillName}' has no alias '{alias}'. List its aliases with ListAliases.",
        ("skill_name", skillName),
        ("reference", alias));

    public static RpcException Incompatible(string skillName, string version, string before, IReadOnlyList<SchemaDifference> differences) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.Incompatible,
        $"Version {version} of the skill '{skillName}' breaks what {before} promises, which only the next major version may. "
            + string.Join(' ', differences.Select(difference => $"{difference.Schema}{difference.Path}: {difference.Message}.")),
        [("skill_name", skillName), ("version", version), ("predecessor", before)]);

    public static RpcException SecondPersonNeeded(string skillName, string version) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.SecondPersonNeeded,
        $"Version {version} of the skill '{skillName}' must be published by somebody who did not write it. Register a draft, and have another call PublishSkill.",
        ("skill_name", skillName),
        ("version", version));

    public static RpcException ArchiveInvalid(string field, string description) => ServiceError.InvalidArgument(
        SkillErrorReason.ArchiveInvalid,
        $"{field}: {description}.",
        (field, description));

    public static RpcException NotTestable(string skillName, string version, string why) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        SkillErrorReason.NotTestable,
        $"Version {version} of the skill '{skillName}' cannot be tested: {why}.",
        ("skill_name", skillName),
        ("version", version));

    public static RpcException ToolUnknown((string Field, string Description)[] violations) => ServiceError.InvalidArgument(
        SkillErrorReason.ToolUnknown,
        string.Join(' ', violations.Select(violation => $"{violation.Field}: {violation.Description}.")),
        violations);

    public static RpcException ToolsUnchecked(string skillName, string version, IReadOnlyList<string> connectors) => ServiceError.Create(
        StatusCode.Unavailable,
        SkillErrorReason.ToolsUnchecked,
        $"Version {version} of the skill '{skillName}' is not published: the tool gateway does not say which tools {string.Join(", ", connectors)} has. Retry with backoff, or store a draft meanwhile.",
        ("skill_name", skillName),
        ("version", version),
        ("connectors", string.Join(' ', connectors)));

    public static RpcException GatewayAway(string gateway) => new(new Status(StatusCode.Unavailable, $"The {gateway} does not answer. Retry with backoff."));

    private static string Sentences(string field, IReadOnlyList<SchemaViolation> violations) =>
        string.Join(' ', violations.Select(violation => $"{field}{violation.InstancePath}: {violation.Message}."));

    private static (string Field, string Description)[] Fields(string field, IReadOnlyList<SchemaViolation> violations) =>
        [.. violations.Select(violation => (field + violation.InstancePath, violation.Message))];
}
