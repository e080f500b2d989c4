namespace Temporalio.Testing;

/// <summary>Finds the embedded server that was built in the repository above the running program.</summary>
internal static class ServerFiles
{
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "standins", "temporal-server", "bin");
            var newest = Directory.Exists(built)
                ? new DirectoryInfo(built).EnumerateFiles("Mainstay.TemporalServer.dll", SearchOption.AllDirectories).Where(IsWhole).MaxBy(file => file.LastWriteTimeUtc)
                : null;
            if (newest is not null)
            {
                return newest.FullName;
            }
        }

        throw new InvalidOperationException("No test server found: build standins/temporal-server, or set ExistingPath to a server's program");
    }

    // Reference assemblies have the name, too, but nothing to run.
    private static bool IsWhole(FileInfo file) => File.Exists(Path.ChangeExtension(file.FullName, ".runtimeconfig.json"));
}
