using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace OpenTelemetry.Tests;

/// <summary>Lets a reader that is not ours read what we wrote.</summary>
internal static class Peer
{
    private static readonly string Directory =
        typeof(Peer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PeersDirectory").Value!;

    public static async Task<JsonNode> ReadAsync(string script, byte[] input, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Directory, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? JsonNode.Parse(await output)! : throw new InvalidOperationException(await errors);
    }
}
