using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.V1;

namespace Mainstay.SkillCache;

/// <summary>Skills as the registry has them, kept so that most readings need no call, and none fails because the registry is away.</summary>
public sealed class CachedSkills(SkillService.SkillServiceClient registry, TimeProvider clock)
{
    private const int MostVersions = 4096;
    private const int MostReferences = 16384;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    private readonly AnswerCache<Skill> versions = new(clock, MostVersions, Timeout.InfiniteTimeSpan);
    private readonly AnswerCache<ResolveSkillResponse> references = new(clock, MostReferences, Fresh);

    /// <summary>One exact version; throws what the registry refuses with.</summary>
    public async Task<Skill> GetAsync(string skillName, string version, CallerContext caller, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(version);
        var answer = await versions.GetAsync(
            Key(skillName, version, caller),
            async (deadline, token) => (await registry.GetSkillAsync(
                new GetSkillRequest { SkillName = skillName, Version = version }, CallerMetadata.ActingFor(caller), deadline, token)).Skill,
            skill => skill.State != SkillState.Draft,
            cancellationToken);
        return answer.Value;
    }

    /// <summary>The version that a reference means, and whether that is only what it meant when the registry last answered.</summary>
    public Task<Answer<ResolveSkillResponse>> ResolveAsync(string skillName, string reference, CallerContext caller, CancellationToken cancellationToken) => references.GetAsync(
        Key(skillName, reference, caller),
        async (deadline, token) => await registry.ResolveSkillAsync(
            new ResolveSkillRequest { SkillName = skillName, Reference = reference }, CallerMetadata.ActingFor(caller), deadline, token),
        _ => true,
        cancellationToken);

    private static AnswerKey Key(string skillName, string reference, CallerContext caller) =>
        new(skillName, reference, caller.Team, caller.Project, caller.RbacScope, caller.OnBehalfOf.Length == 0 ? caller.Role : "");
}
