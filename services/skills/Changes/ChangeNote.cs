using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Skills.Changes;

/// <summary>Something that was done to a skill.</summary>
/// <param name="Action">What, as the audit trail names it, for example "skill_publish".</param>
/// <param name="Scope">The scope under which it was done.</param>
/// <param name="SkillName">The skill.</param>
/// <param name="Version">The version; empty when it was done to the skill as a whole.</param>
internal sealed record ChangeNote(string Action, string Scope, string SkillName, string Version)
{
    /// <summary>The alias that was moved; empty when none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Further facts for the audit trail.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The event by which the audit trail learns of it, as done now.</summary>
    public AuditEvent ToAuditEvent(CallerContext caller, TimeProvider clock) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        Action = Action,
        Result = "success",
        Service = "skills",
        RbacScope = Scope,
        Resource = new AuditResource
        {
            ProjectId = caller.Project,
            DocumentId = Version.Length > 0 ? $"{SkillName}@{Version}" : SkillName,
            DocumentName = SkillName,
        },
        UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
        Attributes = Facts,
    };
}
