using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests;

/// <summary>Short forms of the calls that most tests begin with.</summary>
internal static class Registry
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Publishes a version, or stores it as a draft.</summary>
    public static async Task<Skill> RegisterAsync(this SkillService.SkillServiceClient client, Skill skill, bool draft = false) =>
        (await client.RegisterSkillAsync(new RegisterSkillRequest { Skill = skill, Draft = draft }, cancellationToken: Cancellation)).Skill;

    /// <summary>Publishes versions of a new skill and returns its name.</summary>
    public static async Task<string> RegisterVersionsAsync(this SkillService.SkillServiceClient client, params string[] versions)
    {
        var name = SkillsFixture.NewSkill().SkillName;
        foreach (var version in versions)
        {
            await client.RegisterAsync(SkillsFixture.NewSkill(name, version));
        }

        return name;
    }

    public static async Task<Skill> GetAsync(this SkillService.SkillServiceClient client, string name, string version = "") =>
        (await client.GetSkillAsync(new GetSkillRequest { SkillName = name, Version = version }, cancellationToken: Cancellation)).Skill;

    public static async Task<ResolveSkillResponse> ResolveAsync(this SkillService.SkillServiceClient client, string name, string reference) =>
        await client.ResolveSkillAsync(new ResolveSkillRequest { SkillName = name, Reference = reference }, cancellationToken: Cancellation);

    public static async Task<Skill> PublishAsync(this SkillService.SkillServiceClient client, string name, string version, string digest = "") =>
        (await client.PublishSkillAsync(new PublishSkillRequest { SkillName = name, Version = version, Digest = digest }, cancellationToken: Cancellation)).Skill;

    public static async Task<Skill> DeprecateAsync(this SkillService.SkillServiceClient client, string name, string version, string reason) =>
        (await client.DeprecateSkillAsync(new DeprecateSkillRequest { SkillName = name, Version = version, Reason = reason }, cancellationToken: Cancellation)).Skill;

    public static async Task<Skill> WithdrawAsync(this SkillService.SkillServiceClient client, string name, string version, string reason) =>
        (await client.WithdrawSkillAsync(new WithdrawSkillRequest { SkillName = name, Version = version, Reason = reason }, cancellationToken: Cancellation)).Skill;

    public static async Task<Alias> SetAliasAsync(this SkillService.SkillServiceClient client, string name, string alias, string version) =>
        (await client.SetAliasAsync(new SetAliasRequest { SkillName = name, Alias = alias, Version = version }, cancellationToken: Cancellation)).Alias;
}
