using System.Collections.Concurrent;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Index;

/// <summary>What the index knows of one skill at one moment; it never changes, and gives way to another once something has.</summary>
internal sealed class SkillEntry(SkillEntry.Owned skill, IReadOnlyList<VersionEntry> versions, IReadOnlyDictionary<string, string> aliases)
{
    private const int MostAnswers = 32;

    private readonly Dictionary<string, VersionEntry> byVersion = versions.ToDictionary(version => version.Version, StringComparer.Ordinal);
    private readonly bool isAlikeForAll = versions.All(version => version.RbacScope.Length == 0);
    private readonly ConcurrentDictionary<string, ResolveSkillResponse> answers = new(StringComparer.Ordinal);

    /// <summary>Whose it is, and who may see it.</summary>
    public Owned Skill => skill;

    /// <summary>Its versions, highest first.</summary>
    public IReadOnlyList<VersionEntry> Versions => versions;

    /// <summary>The version that its newest is; null before anything is released.</summary>
    public VersionEntry? Newest { get; } = versions.FirstOrDefault(version => version.Id == skill.NewestId);

    /// <summary>A version by its exact name.</summary>
    public VersionEntry? Find(string version) => byVersion.GetValueOrDefault(version);

    /// <summary>The version that an alias points at.</summary>
    public string? Target(string alias) => aliases.GetValueOrDefault(alias);

    /// <summary>The answer to a reference, worked out once where it is the same for everyone who sees the skill.</summary>
    public ResolveSkillResponse Answer(string reference, Func<ResolveSkillResponse> workOut)
    {
        if (!isAlikeForAll)
        {
            return workOut();
        }

        if (answers.TryGetValue(reference, out var known))
        {
            return known;
        }

        var answer = workOut();
        if (answers.Count < MostAnswers)
        {
            answers.TryAdd(reference, answer);
        }

        return answer;
    }

    /// <summary>What holds for all versions alike.</summary>
    internal sealed record Owned
    {
        public string OwnerTeam { get; init; } = "";

        public bool IsPublic { get; init; }

        public string[] Teams { get; init; } = [];

        public string[] Projects { get; init; } = [];

        public Guid? NewestId { get; init; }
    }
}
