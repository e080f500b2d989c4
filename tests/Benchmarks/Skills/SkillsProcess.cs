using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Benchmarks.Harness;
using Mainstay.Skills.V1;
using Mainstay.Testing;
using Npgsql;
using RabbitMQ.Client;
using Testcontainers.RabbitMq;

namespace Mainstay.Benchmarks.Skills;

/// <summary>The skill registry in a process of its own, as it is deployed: PostgreSQL, RabbitMQ, tokens, telemetry.</summary>
internal sealed class SkillsProcess : IAsyncDisposable
{
    private const string AuditExchange = "mainstay.audit";
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    private readonly RabbitMqContainer rabbitMq = new RabbitMqBuilder().Build();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-benchmarks-");
    private readonly TestTokens tokens = new();
    private readonly NpgsqlConnectionStringBuilder database;
    private readonly GrpcChannel channel;
    private readonly int http = FreePort.Next();
    private readonly int grpc = FreePort.Next();
    private Process? process;

    private SkillsProcess(NpgsqlConnectionStringBuilder database)
    {
        this.database = database;
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}");
    }

    /// <summary>Starts the service and waits until it is ready.</summary>
    public static async Task<SkillsProcess> StartAsync(PrivatePostgres postgres, CancellationToken cancellationToken)
    {
        var skills = new SkillsProcess(postgres.Settings("skills"));
        await skills.rabbitMq.StartAsync(cancellationToken);
        await skills.BindQueueAsync(cancellationToken);
        var program = Path.Combine(AppContext.BaseDirectory, "Mainstay.Skills.dll");
        skills.process = Process.Start(new ProcessStartInfo("dotnet", [program, "--config", await skills.WriteConfigurationAsync(cancellationToken)])
        {
            RedirectStandardOutput = true,
        })!;
        _ = skills.process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        await skills.WaitUntilReadyAsync(cancellationToken);
        return skills;
    }

    /// <summary>A client of the service.</summary>
    public SkillService.SkillServiceClient Client => new(channel);

    /// <summary>The metadata of a call, with a token of a subject that may publish.</summary>
    public Metadata Headers() => new() { { "authorization", $"Bearer {tokens.Create("bench", ("rbac_scope", JsonValue.Create("skills:publish")))}" } };

    /// <summary>What the service's process takes of the machine's memory, in MiB.</summary>
    public double MemoryMiB
    {
        get
        {
            process!.Refresh();
            return process.WorkingSet64 / 1024.0 / 1024;
        }
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await rabbitMq.DisposeAsync();
        tokens.Dispose();
        directory.Delete(recursive: true);
    }

    // In the place of the audit service's queue: events that no queue takes stay with the service.
    private async Task BindQueueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = new(rabbitMq.GetConnectionString()) }.CreateConnectionAsync(cancellationToken);
        await using var bus = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await bus.ExchangeDeclareAsync(AuditExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        await bus.QueueDeclareAsync(
            AuditExchange, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = 1 }, cancellationToken: cancellationToken);
        await bus.QueueBindAsync(AuditExchange, AuditExchange, "#", cancellationToken: cancellationToken);
    }

    private async Task<string> WriteConfigurationAsync(CancellationToken cancellationToken)
    {
        var keys = Path.Combine(directory.FullName, "jwks.json");
        var serviceToken = Path.Combine(directory.FullName, "service.token");
        var file = Path.Combine(directory.FullName, "mainstay.yaml");
        await File.WriteAllTextAsync(keys, tokens.KeySet.ToJsonString(), cancellationToken);
        await File.WriteAllTextAsync(serviceToken, tokens.Create("skills", ("role", "service")), cancellationToken);
        await File.WriteAllTextAsync(
            file,
            $$"""
            postgres: {host: {{database.Host}}, port: {{database.Port}}, username: {{database.Username}}, password: "{{database.Password}}"}
            rabbitmq: {uri: "{{rabbitMq.GetConnectionString()}}"}
            auth: {issuer: "{{TestTokens.Issuer}}", audience: {{TestTokens.Audience}}, jwks_file: "{{keys}}", service_token_file: "{{serviceToken}}"}
            services: { skills: {host: 127.0.0.1, grpc: {{grpc}}, http: {{http}}} }
            """,
            cancellationToken);
        return file;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartTime);
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            try
            {
                using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{http}/health/ready"), patience.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }
}
