using System.Diagnostics;
using Mainstay.Testing;

namespace Mainstay.SystemTests;

/// <summary>Runs programs of peers.</summary>
internal static class Peer
{
    private static readonly string Peers = Path.Combine(Repository.Root, "tests", "System.Tests", "peers");

    /// <summary>Runs a script under Node.js and returns what it prints.</summary>
    public static Task<string> NodeAsync(string script, params string[] arguments) => RunAsync("node", [Path.Combine(Peers, script), .. arguments]);

    /// <summary>Runs buf and returns what it prints.</summary>
    public static Task<string> BufAsync(params string[] arguments) => RunAsync(Path.Combine(Peers, "node_modules", ".bin", "buf"), arguments);

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program}: {await errors}");
    }
}
