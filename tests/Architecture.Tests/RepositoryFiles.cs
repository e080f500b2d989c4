using System.Reflection;

namespace Architecture.Tests;

/// <summary>Reads the repository's own sources; built, fetched and ignored files left out.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Ignored = ["bin", "obj", "node_modules", ".run", ".git", "TestResults"];

    public static string Root { get; } = Path.TrimEndingDirectorySeparator(
        typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!);

    /// <summary>The files under one folder that match, as paths from the root.</summary>
    public static IEnumerable<string> Under(string folder, string pattern) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Intersect(Ignored).Any()
        orderby path
        select path;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] ReadLines(string path) => File.ReadAllLines(Path.Combine(Root, path));
}
