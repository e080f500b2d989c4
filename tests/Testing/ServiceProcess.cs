using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Npgsql;

namespace Mainstay.Testing;

/// <summary>A service in a process of its own, as it is deployed, that can be killed and started again.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int MostStarts = 4;
    private const int MostLines = 50;

    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private readonly string program;
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-");
    private readonly TestTokens tokens = new();
    private readonly GrpcChannel channel;
    private readonly int http = FreePort.Next();
    private readonly int grpc = FreePort.Next();
    private readonly ConcurrentQueue<string> lines = new();
    private Process? process;
    private int starts;

    private ServiceProcess(string program)
    {
        this.program = program;
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}");
    }

    /// <summary>The process that runs now.</summary>
    public int Id => process!.Id;

    /// <summary>Prepares a service, which starts with <see cref="StartAsync"/>; its program lies beside the caller's.</summary>
    public static async Task<ServiceProcess> PrepareAsync(
        string assembly, string service, NpgsqlConnectionStringBuilder database, Uri broker, string moreYaml, CancellationToken cancellationToken)
    {
        var prepared = new ServiceProcess(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        var keys = prepared.PathOf("jwks.json");
        await File.WriteAllTextAsync(keys, prepared.tokens.KeySet.ToJsonString(), cancellationToken);
        await File.WriteAllTextAsync(
            prepared.PathOf("mainstay.yaml"),
            $$"""
            postgres: {host: {{database.Host}}, port: {{database.Port}}, username: {{database.Username}}, password: "{{database.Password}}", database: {{database.Database}}}
            rabbitmq: {uri: "{{broker}}"}
            auth: {issuer: "{{TestTokens.Issuer}}", audience: {{TestTokens.Audience}}, jwks_file: "{{keys}}"}
            services: { {{service}}: {host: 127.0.0.1, grpc: {{prepared.grpc}}, http: {{prepared.http}}} }
            {{moreYaml}}
            """,
            cancellationToken);
        return prepared;
    }

    /// <summary>
    /// Starts the process and waits until it is ready. One that ends as it starts, as when a server that it needs is not there in time, is started again a
    /// few times, as it is where it is deployed.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        starts = 0;
        Launch();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartTime);
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsReadyAsync(client, patience.Token))
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Ends the process as the kernel does: it can do nothing any more.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    /// <summary>An invoker that calls with a token.</summary>
    public CallInvoker As(string subject, params (string Name, JsonNode? Value)[] claims)
    {
        var token = tokens.Create(subject, claims);
        return channel.Intercept(metadata =>
        {
            metadata.Add("authorization", $"Bearer {token}");
            return metadata;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        channel.Dispose();
        tokens.Dispose();
        directory.Delete(recursive: true);
    }

    private void Launch()
    {
        starts++;
        process = Process.Start(new ProcessStartInfo("dotnet", [program, "--config", PathOf("mainstay.yaml")]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, output) => Keep(output.Data);
        process.BeginOutputReadLine();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            if (lines.Count > MostLines)
            {
                lines.TryDequeue(out _);
            }
        }
    }

    private string PathOf(string file) => Path.Combine(directory.FullName, file);

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{http}/health/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (process!.HasExited && starts < MostStarts)
        {
            process.Dispose();
            Launch();
            return false;
        }
        catch (HttpRequestException) when (process!.HasExited)
        {
            throw new InvalidOperationException($"{program} ended as it started, {starts} times. It said last:\n{string.Join('\n', lines)}");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
