using Grpc.Core;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.Tools;

/// <summary>Holds versions to the tools of a real tool gateway with a real MCP server.</summary>
public sealed class CheckToolsTests : IAsyncLifetime
{
    private readonly TestTokens tokens = new();
    private readonly DirectoryInfo workspace = Directory.CreateTempSubdirectory("workspace-");
    private RunningService tools = null!;
    private RunningService service = null!;
    private SkillService.SkillServiceClient client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        tools = await Peers.ToolGatewayAsync(tokens, workspace.FullName, Cancellation);
        service = await StartAsync();
        client = Client(service);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await tools.DisposeAsync();
        tokens.Dispose();
        workspace.Delete(recursive: true);
    }

    [Fact]
    public async Task RegisterSkill_ToolThatTheGatewayHas_IsPublishedWithoutAWord()
    {
        var response = await client.RegisterSkillAsync(Request("filesystem.read_text_file", "filesystem.*"), cancellationToken: Cancellation);

        Assert.Equal((SkillState.Published, 0), (response.Skill.State, response.Warnings.Count));
    }

    [Fact]
    public async Task RegisterSkill_ToolThatTheGatewayDoesNotHave_IsRefusedByItsPlace()
    {
        var request = Request("filesystem.read_text_file", "filesystem.fly", "nowhere.*");

        var fields = await Refusal.OfAsync(() => client.RegisterSkillAsync(request).ResponseAsync, StatusCode.InvalidArgument, "TOOL_UNKNOWN");

        Assert.Equal(["skill.allowed_tools[1]", "skill.allowed_tools[2]"], fields.Select(field => field.Field));
        Assert.Contains("'filesystem.fly'", fields[0].Description, StringComparison.Ordinal);
        await Refusal.OfAsync(() => client.GetAsync(request.Skill.SkillName, "1.0.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
    }

    [Fact]
    public async Task PublishSkill_DraftWithAnUnknownTool_WasStoredWithAWarningAndIsRefused()
    {
        var request = Request("filesystem.fly");
        request.Draft = true;

        var draft = await client.RegisterSkillAsync(request, cancellationToken: Cancellation);
        Assert.StartsWith("skill.allowed_tools[0]: names no tool", Assert.Single(draft.Warnings), StringComparison.Ordinal);

        var fields = await Refusal.OfAsync(() => client.PublishAsync(request.Skill.SkillName, "1.0.0"), StatusCode.InvalidArgument, "TOOL_UNKNOWN");
        Assert.Equal("skill.allowed_tools[0]", Assert.Single(fields).Field);
    }

    [Fact]
    public async Task RegisterSkill_ConnectorThatDoesNotStart_IsStoredAsADraftAtMost()
    {
        var request = Request("broken.tool");

        await Refusal.OfAsync(() => client.RegisterSkillAsync(request).ResponseAsync, StatusCode.Unavailable, "TOOLS_UNCHECKED");

        request.Draft = true;
        Assert.Contains("'broken' could not be checked", Assert.Single((await client.RegisterSkillAsync(request, cancellationToken: Cancellation)).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterSkill_GatewayAway_RefusesWhatIsNewAndRepeatsWhatIsThere()
    {
        var known = Request("filesystem.read_text_file");
        await client.RegisterSkillAsync(known, cancellationToken: Cancellation);
        await tools.Application.StopAsync(Cancellation);

        Assert.Equal(SkillState.Published, (await client.RegisterSkillAsync(known, cancellationToken: Cancellation)).Skill.State);
        await Refusal.OfAsync(() => client.RegisterSkillAsync(Request("filesystem.read_text_file")).ResponseAsync, StatusCode.Unavailable, "TOOLS_UNCHECKED");
    }

    [Fact]
    public async Task RegisterSkill_PolicyThatWarns_PublishesWithAWarning()
    {
        await using var lenient = await StartAsync("--skills:unknown_tools", "warn");

        var response = await Client(lenient).RegisterSkillAsync(Request("filesystem.fly"), cancellationToken: Cancellation);

        Assert.Equal((SkillState.Published, 1), (response.Skill.State, response.Warnings.Count));
    }

    private static RegisterSkillRequest Request(params string[] tools)
    {
        var skill = SkillsFixture.NewSkill();
        skill.AllowedTools.Clear();
        skill.AllowedTools.Add(tools);
        return new RegisterSkillRequest { Skill = skill };
    }

    private static SkillService.SkillServiceClient Client(RunningService registry) => new(registry.As("ada", ("rbac_scope", "skills:publish")));

    private Task<RunningService> StartAsync(params string[] arguments) =>
        RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens, [.. Peers.AddressOf("tool-gateway", tools), .. arguments]);
}
