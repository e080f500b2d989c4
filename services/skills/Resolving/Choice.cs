using Mainstay.Skills.Catalog;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Resolving;

/// <summary>Chooses among the versions that fit, and words the reason.</summary>
internal static class Choice
{
    // A reason names so many versions that were left out, and counts the rest.
    private const int MostNamed = 3;

    /// <summary>The one version that was named, directly or by an alias.</summary>
    public static ResolveSkillResponse Of(string skillName, VersionEntry candidate, ResolutionKind kind, string explanation, SkillsPolicy policy) =>
        candidate.State == SkillState.Withdrawn && policy.RefusesWithdrawn
            ? throw SkillErrors.VersionWithdrawn(skillName, candidate.Version, candidate.StateReason)
            : Answer(candidate, kind, explanation);

    /// <summary>The best of the versions that fit, highest first: the highest published one, else the highest deprecated one.</summary>
    public static ResolveSkillResponse Among(string skillName, string reference, IReadOnlyList<VersionEntry> fitting, ResolutionKind kind)
    {
        var chosen = fitting.FirstOrDefault(candidate => candidate.State == SkillState.Published) ?? fitting.FirstOrDefault(candidate => candidate.State == SkillState.Deprecated);
        if (chosen is null)
        {
            throw fitting.Count > 0
                ? SkillErrors.VersionWithdrawn(skillName, fitting[0].Version, fitting[0].StateReason)
                : SkillErrors.NothingFits(skillName, reference);
        }

        var subject = kind == ResolutionKind.Latest ? "latest means the highest release" : $"The range {reference} holds {Count(fitting.Count)}";
        var passedOver = fitting.TakeWhile(candidate => candidate != chosen).ToList();
        var leftOut = passedOver.Count == 0 ? "" : $" Left out although higher: {string.Join(", ", passedOver.Take(MostNamed).Select(Described))}"
            + (passedOver.Count > MostNamed ? $" and {passedOver.Count - MostNamed} more." : ".");
        return Answer(chosen, kind, $"{subject}; {chosen.Version} is the highest that is {chosen.State.Text()}.{leftOut}");
    }

    private static ResolveSkillResponse Answer(VersionEntry candidate, ResolutionKind kind, string explanation) => new()
    {
        Version = candidate.Version,
        Digest = candidate.Digest,
        State = candidate.State,
        Kind = kind,
        Explanation = explanation,
        Warning = IsSpecial(candidate) ? $"Version {candidate.Version} is {candidate.State.Text()}: {candidate.StateReason}" : "",
    };

    private static bool IsSpecial(VersionEntry candidate) => candidate.State is SkillState.Deprecated or SkillState.Withdrawn;

    private static string Described(VersionEntry candidate) =>
        IsSpecial(candidate) ? $"{candidate.Version} ({candidate.State.Text()}: {candidate.StateReason})" : candidate.Version;

    private static string Count(int versions) => versions == 1 ? "1 version" : $"{versions} versions";
}
