using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Index;

/// <summary>Holds what is seen from memory (GetSkill) to what is seen by the database's conditions (ListVersions), for many callers and skills.</summary>
public sealed class SightTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static readonly (string Team, string Project, string Scope, string Role)[] Callers =
    [
        ("", "", "", "user"), ("grid", "", "", "user"), ("wind", "line-1", "", "user"), ("wind", "", "project:read", "user"),
        ("grid", "line-2", "project:read other", "user"), ("", "", "skills:draft", "user"), ("wind", "line-1", "project:read skills:publish", "user"), ("", "", "", "admin"),
    ];

    private static readonly Visibility[] Visibilities =
    [
        new() { Everyone = true }, new() { Teams = { "wind" } }, new() { Projects = { "line-1", "line-2" } }, new(),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetSkill_AnyCallerAndSkill_ShowsWhatTheDatabaseShows()
    {
        foreach (var visibility in Visibilities)
        {
            var name = await StoreAsync(visibility);
            foreach (var caller in Callers)
            {
                var client = Client(caller);
                var listed = await VersionsAsync(client, name);
                var got = new List<string>();
                foreach (var version in (string[])["1.0.0", "1.1.0", "2.0.0"])
                {
                    if (await SeesAsync(client, name, version))
                    {
                        got.Add(version);
                    }
                }

                Assert.Equal((caller, string.Join(' ', listed.Order())), (caller, string.Join(' ', got)));
            }
        }
    }

    // One version for all, one under a scope, one draft.
    private async Task<string> StoreAsync(Visibility visibility)
    {
        var owner = Client(("grid", "", "skills:publish project:read", "user"));
        var name = SkillsFixture.NewSkill().SkillName;
        await owner.RegisterAsync(SkillsFixture.NewSkill(name));
        var scoped = SkillsFixture.NewSkill(name, "1.1.0");
        scoped.RbacScope = "project:read";
        await owner.RegisterAsync(scoped);
        await owner.RegisterAsync(SkillsFixture.NewSkill(name, "2.0.0"), draft: true);
        await owner.SetVisibilityAsync(new SetVisibilityRequest { SkillName = name, Visibility = visibility }, cancellationToken: Cancellation);
        return name;
    }

    private SkillService.SkillServiceClient Client((string Team, string Project, string Scope, string Role) caller) => new(skills.Service.As(
        "somebody", ("team", caller.Team), ("project", caller.Project), ("rbac_scope", caller.Scope), ("role", caller.Role)));

    private static async Task<IEnumerable<string>> VersionsAsync(SkillService.SkillServiceClient client, string name)
    {
        try
        {
            return (await client.ListVersionsAsync(new ListVersionsRequest { SkillName = name }, cancellationToken: Cancellation)).Skills.Select(skill => skill.Version);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return [];
        }
    }

    private static async Task<bool> SeesAsync(SkillService.SkillServiceClient client, string name, string version)
    {
        try
        {
            return (await client.GetAsync(name, version)).Version == version;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return false;
        }
    }
}
