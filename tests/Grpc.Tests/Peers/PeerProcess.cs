using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Grpc.Tests.Peers;

/// <summary>Runs programs of peers and reads what they saw.</summary>
internal static class PeerProcess
{
    /// <summary>Debian's own interpreter, because its packages are there and not in another one that may come first on the path.</summary>
    public const string Python = "/usr/bin/python3";

    public static string Directory { get; } = Metadata("PeersDirectory");

    public static string Protos { get; } = Metadata("ProtosDirectory");

    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }

    /// <summary>Runs a program to its end and returns its output; fails with its errors when it fails.</summary>
    public static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }

    public static async Task<JsonObject> CaseAsync(string program, string script, string target, string name, CancellationToken cancellationToken, params string[] settings) =>
        JsonNode.Parse(await RunAsync(program, [Path.Combine(Directory, script), target, name, .. settings], cancellationToken))!.AsObject();

    private static string Metadata(string key) =>
        typeof(PeerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
