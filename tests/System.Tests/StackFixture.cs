using Mainstay.LocalStack;
using Mainstay.LocalStack.Auth;

[assembly: AssemblyFixture(typeof(Mainstay.SystemTests.StackFixture))]

namespace Mainstay.SystemTests;

/// <summary>All of Mainstay as processes on free ports, with databases and a bus of its own.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    /// <summary>The tests on it, one class at a time: the demo kills a service in the middle.</summary>
    public const string Collection = "stack";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-system-");

    /// <summary>Where the audit service writes every event, one a line.</summary>
    public string AuditFile => Path.Combine(directory.FullName, "audit.jsonl");

    internal Demo.WebhookReceiver Sink { get; private set; } = null!;

    public LocalEnvironment Environment { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Sink = await Demo.WebhookReceiver.StartAsync(CancellationToken.None);
        Environment = await LocalEnvironment.StartAsync(Options(), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Environment.DisposeAsync();
        await Sink.DisposeAsync();
        directory.Delete(recursive: true);
    }

    /// <summary>A token of a developer, as <c>./build.sh token</c> mints it.</summary>
    public string Token() => Environment.MintToken(new TokenRequest());

    /// <summary>The authority of a service's gRPC address.</summary>
    public string Address(string service) => new Uri(Environment.Endpoints.Services[service].Grpc).Authority;

    private LocalStackOptions Options() => new()
    {
        RunDirectory = directory.FullName,
        FreePorts = true,
        Settings = new Dictionary<string, string>(Demo.SinkSettings.For(Sink.Url))
        {
            ["audit:sinks:1:name"] = "file",
            ["audit:sinks:1:type"] = "file",
            ["audit:sinks:1:path"] = AuditFile,
        },
        Environment = Demo.SinkSettings.Secret(Sink.Secret),
    };
}
