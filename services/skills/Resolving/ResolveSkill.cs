using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Aliases;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Resolving;

/// <summary>Chooses the version that a reference means, and says why that one.</summary>
internal sealed class ResolveSkill(SkillIndex index, SkillsPolicy policy)
{
    private const int LongestReference = 256;

    public async Task<ResolveSkillResponse> ExecuteAsync(ResolveSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (request.Reference.Length > LongestReference)
        {
            throw SkillErrors.FieldInvalid(("reference", $"must be at most {LongestReference} characters"));
        }

        var entry = await index.FindAsync(request.SkillName, cancellationToken);
        var reference = request.Reference.Trim() is { Length: > 0 } given ? given : AliasName.Latest;
        return entry is not null && caller.Sees(entry)
            ? Resolve(new Question(request.SkillName, reference, entry, caller))
            : throw Unknown(request.SkillName, reference);
    }

    private ResolveSkillResponse Resolve(Question question)
    {
        var (skillName, reference, entry, _) = question;
        if (reference == AliasName.Latest)
        {
            return entry.Answer(reference, () => Choice.Among(skillName, reference, [.. question.Candidates.Where(version => !version.Parsed.IsPrerelease)], ResolutionKind.Latest));
        }

        // An alias reads as no version and as no range, so that what is found under a name is what is meant.
        if (entry.Target(reference) is not null)
        {
            return ByAlias(question);
        }

        if (entry.Find(reference) is not null || SemanticVersion.TryParse(reference, out _))
        {
            var exact = question.Exact(reference.TrimStart('v')) ?? throw SkillErrors.SkillNotFound(skillName, reference);
            return Choice.Of(skillName, exact, ResolutionKind.Exact, $"The reference names the version {exact.Version} itself.", policy);
        }

        return entry.Answer(reference, () => VersionRange.TryParse(reference, out var range)
            ? Choice.Among(skillName, reference, [.. question.Candidates.Where(version => range.Contains(version.Parsed))], ResolutionKind.Range)
            : ByAlias(question));
    }

    private ResolveSkillResponse ByAlias(Question question)
    {
        var (skillName, alias, entry, caller) = question;
        if (!entry.Versions.Any(version => caller.Sees(entry, version)))
        {
            throw SkillErrors.SkillNotFound(skillName, "");
        }

        if (entry.Target(alias) is not { } version)
        {
            throw AliasName.IsValid(alias)
                ? SkillErrors.AliasNotFound(skillName, alias)
                : SkillErrors.FieldInvalid(("reference", "must be an exact version, an alias, \"latest\" or a range such as ^1.4.0"));
        }

        var target = question.Exact(version) ?? throw SkillErrors.AliasNotFound(skillName, alias);
        return Choice.Of(skillName, target, ResolutionKind.Alias, $"The alias {alias} points at {version}.", policy);
    }

    // In the same words whether there is no such skill or not for this caller; what could never be a reference is refused first.
    private static Exception Unknown(string skillName, string reference) =>
        SemanticVersion.TryParse(reference, out _) ? SkillErrors.SkillNotFound(skillName, reference)
        : reference == AliasName.Latest || VersionRange.TryParse(reference, out _) || AliasName.IsValid(reference) ? SkillErrors.SkillNotFound(skillName, "")
        : SkillErrors.FieldInvalid(("reference", "must be an exact version, an alias, \"latest\" or a range such as ^1.4.0"));

    private sealed record Question(string SkillName, string Reference, SkillEntry Entry, CallerContext Caller)
    {
        /// <summary>The versions that the caller sees and that are no drafts, highest first; refuses where there are none.</summary>
        public IReadOnlyList<VersionEntry> Candidates =>
            Entry.Versions.Where(IsCandidate).ToList() is { Count: > 0 } candidates ? candidates : throw SkillErrors.SkillNotFound(SkillName, "");

        /// <summary>One version by its name, if it is a candidate.</summary>
        public VersionEntry? Exact(string version) => Entry.Find(version) is { } found && IsCandidate(found) ? found : null;

        private bool IsCandidate(VersionEntry version) => version.State != SkillState.Draft && Caller.Sees(Entry, version);
    }
}
