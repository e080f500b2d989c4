using Grpc.Core;
using Mainstay.LlmGateway;
using Mainstay.Orchestrator.V1;
using Mainstay.Skills;
using Mainstay.Testing;
using Mainstay.ToolGateway;

[assembly: AssemblyFixture(typeof(Mainstay.Orchestrator.Tests.OrchestratorFixture))]

namespace Mainstay.Orchestrator.Tests;

/// <summary>A running orchestrator with the services that it calls and the embedded Temporal server, shared by all tests; every test has a team of its own.</summary>
public sealed class OrchestratorFixture : IAsyncLifetime
{
    public const string Scopes = "skills:publish agents:register tasks:run tasks:approve";
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "Scripts");

    private readonly TestTokens tokens = new();
    private readonly DirectoryInfo workspace = Directory.CreateTempSubdirectory("workspace-");
    private readonly List<RunningService> services = [];

    public EmbeddedTemporal Temporal { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    /// <summary>The model of the route <c>recorded</c>.</summary>
    public RecordingModel Model { get; private set; } = null!;

    /// <summary>The folder that the tools see.</summary>
    public string Workspace => workspace.FullName;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = CancellationToken.None;
        await File.WriteAllTextAsync(Path.Combine(Workspace, "notes.txt"), "a note", cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(Workspace, "damaged.txt"), [(byte)'1', 0, 0, 0xED, 0xA0, 0x80, (byte)'2'], cancellationToken);
        Temporal = await EmbeddedTemporal.StartAsync(cancellationToken);
        Model = await RecordingModel.StartAsync(cancellationToken);
        var skills = await StartAsync(SkillsApplication.Build, "skills");
        var llm = await StartAsync(LlmGatewayApplication.Build, "llm-gateway", LlmYaml());
        var tools = await StartAsync(ToolGatewayApplication.Build, "tool-gateway", ToolsYaml());
        Service = await StartAsync(
            OrchestratorApplication.Build,
            "orchestrator",
            "temporal: {mode: embedded, address: '" + Temporal.Address + "'}",
            [.. AddressOf("skills", skills), .. AddressOf("llm-gateway", llm), .. AddressOf("tool-gateway", tools)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(services))
        {
            await service.DisposeAsync();
        }

        await Model.DisposeAsync();
        await Temporal.DisposeAsync();
        tokens.Dispose();
        workspace.Delete(recursive: true);
    }

    /// <summary>A team of its own for one test, with an agent that plays a script.</summary>
    public async Task<TestTeam> TeamAsync(string script, Action<Agent>? configure = null)
    {
        var team = new TestTeam(this, $"team-{Guid.CreateVersion7():n}");
        await team.RegisterAsync(script, configure);
        return team;
    }

    /// <summary>An invoker of a service with a token.</summary>
    public CallInvoker As(string service, string subject, string team, string scopes) =>
        services[service == "skills" ? 0 : ^1].As(subject, ("team", team), ("project", "line-1"), ("rbac_scope", scopes));

    private static string[] AddressOf(string name, RunningService service)
    {
        var address = new Uri(service.Application.Urls.First());
        return [$"--services:{name}:host", address.Host, $"--services:{name}:grpc", $"{address.Port}"];
    }

    private string LlmYaml()
    {
        var routes = Directory.GetFiles(Scripts, "*.yaml").Select(Path.GetFileNameWithoutExtension)
            .Select(name => (Model: name!, Script: name!)).Append((Model: "default", Script: "answer"))
            .Select(route => "{model: " + route.Model + ", provider: rehearsal, upstream_model: " + route.Script + ", input_price_per_million: 1, output_price_per_million: 10}")
            .Append("{model: recorded, provider: recorder, upstream_model: recorded, input_price_per_million: 1, output_price_per_million: 10}");
        return $$"""
            llm:
              providers:
                - {name: rehearsal, type: rehearsal, script_directory: '{{Scripts}}'}
                - {name: recorder, type: openai, base_url: '{{Model.BaseUrl}}', api_key: none}
              routes: [{{string.Join(", ", routes)}}]
            """;
    }

    private string ToolsYaml() => $$"""
        tools:
          connectors:
            - name: filesystem
              type: stdio
              command: node
              arguments: ['{{Repository.Root}}/services/tool-gateway/connectors/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '{{Workspace}}']
        """;

    private async Task<RunningService> StartAsync(
        Func<string[], Microsoft.AspNetCore.Builder.WebApplication> build, string name, string yaml = "", params string[] arguments)
    {
        var service = await RunningService.StartAsync(build, name, CancellationToken.None, yaml, tokens, arguments);
        services.Add(service);
        return service;
    }
}
