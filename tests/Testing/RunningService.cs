using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;

namespace Mainstay.Testing;

/// <summary>A service in this process, on free ports, with a database and an issuer of its own.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private readonly DirectoryInfo directory;
    private readonly PostgresFixture postgres;

    private RunningService(WebApplication application, TestTokens tokens, PostgresFixture postgres, string database, DirectoryInfo directory)
    {
        Application = application;
        Tokens = tokens;
        Database = database;
        this.postgres = postgres;
        this.directory = directory;
        Channel = GrpcChannel.ForAddress(application.Urls.First());
    }

    public WebApplication Application { get; }

    public TestTokens Tokens { get; }

    /// <summary>Where it answers HTTP/1.1.</summary>
    public Uri HttpAddress => new(Application.Urls.Last());

    /// <summary>The configuration file that it was started from.</summary>
    public string ConfigurationFile => Path.Combine(directory.FullName, "mainstay.yaml");

    /// <summary>The name of the service's database.</summary>
    public string Database { get; }

    /// <summary>A channel without a token.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Starts a service as its process would, from a configuration file; services that share tokens can call each other.</summary>
    public static async Task<RunningService> StartAsync(
        Func<string[], WebApplication> build,
        string service,
        CancellationToken cancellationToken,
        string moreYaml = "",
        TestTokens? sharedTokens = null,
        params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("mainstay-");
        var tokens = sharedTokens ?? new TestTokens();
        var postgres = new PostgresFixture();
        var database = postgres.ReserveDatabase();
        var jwks = Path.Combine(directory.FullName, "jwks.json");
        await File.WriteAllTextAsync(jwks, tokens.KeySet.ToJsonString(), cancellationToken);
        var server = await PostgresFixture.SettingsAsync(database);
        var serviceToken = Path.Combine(directory.FullName, "service.token");
        await File.WriteAllTextAsync(serviceToken, tokens.Create(service, ("role", "service")), cancellationToken);
        var file = Path.Combine(directory.FullName, "mainstay.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            postgres: {host: {{server.Host}}, port: {{server.Port}}, username: {{server.Username}}, password: "{{server.Password}}", database: {{database}}}
            rabbitmq: {uri: "{{await TestServers.RabbitMqAsync()}}"}
            auth: {issuer: "{{TestTokens.Issuer}}", audience: {{TestTokens.Audience}}, jwks_file: "{{jwks}}", service_token_file: "{{serviceToken}}"}
            services: { {{service}}: {host: 127.0.0.1, grpc: 0, http: 0} }
            {{moreYaml}}
            """,
            cancellationToken);

        var application = build(["--config", file, .. arguments]);
        await application.StartAsync(cancellationToken);
        return new RunningService(application, tokens, postgres, database, directory);
    }

    /// <summary>An invoker that calls with a token.</summary>
    public CallInvoker As(string subject = "ada", params (string Name, System.Text.Json.Nodes.JsonNode? Value)[] claims)
    {
        var token = Tokens.Create(subject, claims);
        return Channel.Intercept(metadata =>
        {
            metadata.Add("authorization", $"Bearer {token}");
            return metadata;
        });
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Application.StopAsync();
        await Application.DisposeAsync();
        await postgres.DisposeAsync();
        Tokens.Dispose();
        directory.Delete(recursive: true);
    }
}
