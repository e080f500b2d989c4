using System.Reflection;

namespace Mainstay.Testing;

/// <summary>The repository that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Path.TrimEndingDirectorySeparator(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!);
}
