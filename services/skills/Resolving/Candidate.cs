using Mainstay.Skills.Catalog;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Resolving;

/// <summary>A version that a reference might mean.</summary>
internal sealed record Candidate(string Version, string Digest, string State, string StateReason)
{
    public SemanticVersion Parsed { get; } = SemanticVersion.Parse(Version);

    public bool IsWithdrawn => State == SkillStates.Withdrawn;

    public bool IsDeprecated => State == SkillStates.Deprecated;

    /// <summary>The version with what is special about its state.</summary>
    public string Described => IsWithdrawn || IsDeprecated ? $"{Version} ({State}: {StateReason})" : Version;
}
