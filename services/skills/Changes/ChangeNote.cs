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
}
