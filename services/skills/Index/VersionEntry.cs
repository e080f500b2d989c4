using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Index;

/// <summary>What the index knows of one version: all but its content.</summary>
internal sealed class VersionEntry(Guid id, string version, string digest, SkillState state, string stateReason, string rbacScope)
{
    public Guid Id => id;

    public string Version => version;

    public string Digest => digest;

    public SkillState State => state;

    public string StateReason => stateReason;

    public string RbacScope => rbacScope;

    public SemanticVersion Parsed { get; } = SemanticVersion.Parse(version);
}
