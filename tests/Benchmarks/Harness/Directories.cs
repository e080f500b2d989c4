using System.Reflection;

namespace Mainstay.Benchmarks.Harness;

/// <summary>Where the sources of the benchmarks and their peers lie.</summary>
internal static class Directories
{
    /// <summary>Scripts that play the peers.</summary>
    public static string Peers { get; } = Path.Combine(Metadata("BenchmarksDirectory"), "peers");

    /// <summary>The packages of @grpc/grpc-js.</summary>
    public static string GrpcPackages { get; } = Metadata("GrpcPeersDirectory");

    /// <summary>The packages of the official Temporal SDK, and its bundled workflows.</summary>
    public static string TemporalPackages { get; } = Metadata("TemporalPeersDirectory");

    /// <summary>The benchmarks' protos.</summary>
    public static string Protos { get; } = Path.Combine(Metadata("BenchmarksDirectory"), "protos");

    private static string Metadata(string key) =>
        typeof(Directories).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
