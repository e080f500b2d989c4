using System.Diagnostics;
using System.Reflection;

namespace Mainstay.Audit.Tests;

/// <summary>Programs that are not ours, in Node.js, that say what they make of something.</summary>
internal static class Peer
{
    /// <summary>Where they lie, with what they need from npm.</summary>
    public static string Directory { get; } =
        typeof(Peer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PeersDirectory").Value!;

    /// <summary>What a program prints when it is given bytes.</summary>
    public static async Task<string> ReadAsync(string program, byte[] input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Directory, program)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
        process.StandardInput.Close();
        return await process.StandardOutput.ReadToEndAsync(cancellationToken);
    }
}
