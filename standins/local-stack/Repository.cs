using System.Reflection;

namespace Mainstay.LocalStack;

/// <summary>Knows the repository that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.TrimEndingDirectorySeparator(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!);

    /// <summary>Where the build puts a project's program.</summary>
    public static string Program(string directory, string assembly) =>
        Path.Combine(Root, directory, "bin/Debug/net10.0", assembly + ".dll");
}
