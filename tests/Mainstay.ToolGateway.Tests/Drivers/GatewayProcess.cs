using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Mainstay.Testing;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Tests.Drivers;

/// <summary>A second gateway with the configuration, and so the database, of one that runs here; in a process that can be killed.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process process;
    private readonly GrpcChannel channel;

    private GatewayProcess(Process process, GrpcChannel channel, string token)
    {
        this.process = process;
        this.channel = channel;
        Client = new ToolService.ToolServiceClient(channel.Intercept(metadata =>
        {
            metadata.Add("authorization", $"Bearer {token}");
            return metadata;
        }));
    }

    /// <summary>A client with the token of a user of the team "plant".</summary>
    public ToolService.ToolServiceClient Client { get; }

    public static async Task<GatewayProcess> StartAsync(RunningService sibling, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Mainstay.ToolGateway.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--config", sibling.ConfigurationFile]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonNode.Parse(line)?["message"]?.GetValue<string>() is { } message && message.StartsWith(Listening, StringComparison.Ordinal))
            {
                // A pipe that nobody reads would hold the gateway up once it is full.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new GatewayProcess(process, GrpcChannel.ForAddress(message[Listening.Length..]), sibling.Tokens.Create("ada", ("team", "plant")));
            }
        }

        throw new InvalidOperationException("The gateway ended before it listened.");
    }

    /// <summary>Kills it as the operating system would: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await KillAsync();
        process.Dispose();
    }
}
